"""Take pictures for questions in."""

import hashlib

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.models import StoredFile
from classroom.core.pictures import encode_anew
from classroom.exams.models import QuestionPicture


def add_picture(content: bytes, *, actor: Actor) -> QuestionPicture:
    """Keep a picture as it was written anew; raises Invalid `picture.*`. What was uploaded is not kept."""
    encoded = encode_anew(content)
    at = now()
    with transaction() as session:
        file = StoredFile(
            organisation_id=actor.organisation_id,
            purpose="question",
            filename=f"picture.{'png' if encoded.media_type == 'image/png' else 'jpg'}",
            media_type=encoded.media_type,
            sha256=hashlib.sha256(encoded.content).hexdigest(),
            size=len(encoded.content),
            content=encoded.content,
            created_at=at,
        )
        made = QuestionPicture(
            organisation_id=actor.organisation_id,
            file=file,
            width=encoded.width,
            height=encoded.height,
            created_at=at,
            created_by=actor.staff_id,
        )
        session.add(made)
        session.flush()
        facts = {"width": made.width, "height": made.height, "size": file.size}
        record("question.picture_added", "question_picture", made.id, actor=actor, facts=facts)
        return made
