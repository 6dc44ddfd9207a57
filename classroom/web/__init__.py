"""The edge that all rooms share: who may enter, headers, words of refusals, filters and the base form."""
