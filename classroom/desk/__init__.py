"""Pages for staff that look across rooms: today, inbox, programme and class, reports."""
