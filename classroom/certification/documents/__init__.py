"""Tables on their way to a spreadsheet."""
