"""Official papers about certificates, always in Vietnamese."""
