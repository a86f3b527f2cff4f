"""The tables' history: from an empty or an older database to the present one."""

HEAD = "0005"  # the newest revision; a test holds it against the scripts
