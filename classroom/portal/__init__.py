"""The learner's own pages that look across rooms."""
