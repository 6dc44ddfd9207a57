"""How the question bank and its imports say no, and what kinds of question are called."""

from typing import Any

from flask_babel import lazy_gettext as _l

from classroom.web.words.question_files import QUESTION_FILES

#: By rules.kinds.Kind: what it is called, and what a learner does.
KIND_WORDS: dict[str, Any] = {
    "single": _l("Single choice"),
    "multiple": _l("Multiple choice"),
    "true_false": _l("True or false"),
    "numerical": _l("Number"),
    "short_answer": _l("Short answer"),
    "matching": _l("Matching"),
    "ordering": _l("Ordering"),
}
KIND_HINTS: dict[str, Any] = {
    "single": _l("Several options, one of which is right."),
    "multiple": _l("Several options, any number of which are right; wrong choices cost part of the points."),
    "true_false": _l("A statement, to be judged."),
    "numerical": _l("A number is typed; you say how far it may be off."),
    "short_answer": _l("A word or a few are typed; you list every spelling that counts."),
    "matching": _l("Terms on the left, each to be given its partner from a list."),
    "ordering": _l("Steps that have to be put in the right order."),
}

QUESTIONS: dict[str, Any] = {
    **QUESTION_FILES,
    "question.no_text": _l("Write what is asked."),
    "question.too_long": _l("At most %(most)s characters."),
    "question.feedback_too_long": _l("A remark on an option may have at most %(most)s characters."),
    "question.no_right_answer": _l("Say which answer is right and earns all the points."),
    "question.several_right": _l("Only one option can be right here. For several, write a multiple-choice question."),
    "question.bad_weight": _l(
        "Shares of points are numbers: from −100 to 100 on every option or on none; from 0 to 100 for typed answers."
    ),
    "question.weights_not_100": _l(
        "The shares do not come to 100: give the one right option 100, or several right ones 100 together."
    ),
    "question.too_few_options": _l("At least %(least)s lines are needed."),
    "question.too_many_options": _l("At most %(most)s lines are possible."),
    "question.empty_option": _l("A line is empty. Fill it in, or remove it."),
    "question.equal_options": _l("Two lines say the same: “%(text)s”. A learner could not tell them apart."),
    "question.bad_number": _l("Write numbers with digits, such as 3,14 or 1000."),
    "question.bad_range": _l(
        "A range goes from the smaller to the larger number, and what it may be off is not below 0."
    ),
    "question.one_choice": _l("All partners on the right are the same, so nothing is left to choose. Add another one."),
    "question.no_such_picture": _l("There is no picture %(picture)s here. Add the picture again."),
    "question.changed_meanwhile": _l(
        "Somebody else has saved version %(number)s in the meantime. Look at it in another window; "
        "saving again makes yours the newest version."
    ),
    "topic.no_name": _l("Give the topic a name."),
    "topic.name_too_long": _l("The name of a topic may have at most %(most)s letters."),
    "topic.name_taken": _l(
        "There is a topic “%(name)s” already (capitals and accents do not count). "
        "To put two topics together, merge them."
    ),
    "topic.same": _l("Choose another topic to merge this one into."),
    "picture.empty": _l("Choose a picture first; this file is empty."),
    "picture.too_large": _l("The picture is larger than %(megabytes)s MB. Save it smaller and add it again."),
    "picture.too_many_pixels": _l(
        "The picture has more than %(millions)s million pixels. Save it smaller and add it again."
    ),
    "picture.svg": _l("This is an SVG drawing, which can hold programs. Save it as PNG and add that."),
    "picture.gif": _l("This is a GIF, and moving pictures are not shown in tests. Save it as PNG and add that."),
    "picture.heic": _l("This is a photo in the format of iPhones (HEIC). Save or share it as JPEG and add that."),
    "picture.not_a_picture": _l("This is not a PNG or JPEG picture. Save the picture as one of these and add that."),
    "picture.broken": _l("The picture is damaged or incomplete. Open it, save it again and add that."),
}
