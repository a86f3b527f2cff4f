"""What an answer is: values by kind, missing and not applicable, read from typed text and files, and their stored form."""
