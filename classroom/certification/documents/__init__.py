"""Papers of the certification room, and tables on their way to a spreadsheet."""
