"""What coordinators type about programmes, places, classes and enrolments."""
