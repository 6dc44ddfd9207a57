"""Pure decisions about schedules, classes and rosters."""
