"""Word files of the phiếu: the sheet of figures and the tờ trình, from plain data to bytes."""
