"""Questions in files: GIFT, Aiken and the spreadsheet template, read and written."""
