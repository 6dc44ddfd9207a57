"""Who completed a course and why; certificates, their numbers, their register and their verification."""
