"""Online learning beside the classes: intakes, accounts, imports of results, and who is who."""
