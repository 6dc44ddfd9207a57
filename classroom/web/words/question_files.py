"""What is said about files of questions and their lines; names of kinds and formats."""

from typing import Any

from flask_babel import lazy_gettext as _l

FORMAT_NAMES: dict[str, Any] = {
    "gift": _l("GIFT (Moodle)"),
    "aiken": _l("Aiken (plain text)"),
    "sheet": _l("Spreadsheet (our template)"),
}
KIND_NAMES: dict[str, Any] = {
    "single": _l("One right answer"),
    "multiple": _l("Several right answers"),
    "true_false": _l("True or false"),
    "numerical": _l("Number"),
    "short_answer": _l("Short answer"),
    "matching": _l("Matching"),
    "ordering": _l("Ordering"),
}
QUESTION_FILES: dict[str, Any] = {
    "question_import.no_file": _l("Choose the file with the questions first."),
    "question_import.empty": _l("The file is empty. Choose the file that holds the questions."),
    "question_import.too_large": _l("The file is larger than %(megabytes)s MB. Split it into several files."),
    "question_import.too_many": _l("The file holds more than %(most)s questions. Split it into several files."),
    "question_import.binary": _l(
        "This is not a text file. Upload GIFT or Aiken as plain text, or fill in the spreadsheet template."
    ),
    "question_import.unknown_encoding": _l(
        "The letters in this file cannot be read. Save it as plain text in UTF-8 and upload it again."
    ),
    "question_import.unknown_format": _l(
        "The file looks neither like GIFT nor like Aiken: no braces with answers and no line “ANSWER:” were found. "
        "Choose its format, or use the spreadsheet template."
    ),
    "question_import.guessed_encoding": _l(
        "The file does not say how its letters are written; it was read as %(encoding)s. Check the accents in the "
        "questions below before confirming."
    ),
    "question_import.topic_too_long": _l("The name of the topic is longer than %(most)s characters."),
    "question_import.odd_characters": _l(
        "The question contains invisible control characters. Type these places anew and upload the file again."
    ),
    "question_import.picture_unknown": _l(
        "The question shows the picture %(picture)s, which is not in this bank. Take it out of the file; the picture "
        "can be added to the question afterwards."
    ),
    "question_import.problems_open": _l(
        "%(count)s lines have problems. Correct the file and upload it again, or tick “import the others”."
    ),
    "question_import.nothing": _l("The file holds no question that is not in the bank already."),
    "question_import.changed_meanwhile": _l(
        "Something has changed since you looked. Here is what would come in now: look again."
    ),
    "question_import.closed": _l("This file has been imported or put aside already. Upload it again to start anew."),
    "gift.too_long": _l("The question is longer than %(most)s characters. Is a blank line missing in it?"),
    "gift.no_answer": _l("No answer in braces { } follows this text, so it is not a question."),
    "gift.not_opened": _l(
        "A closing brace } stands before any opening one. Is there a blank line within the answer? Put a backslash "
        "before a brace that belongs to the text."
    ),
    "gift.not_closed": _l(
        "The answer is opened with { but not closed before the next blank line. Blank lines within a question are "
        "not allowed."
    ),
    "gift.second_answer": _l(
        "One more brace stands here than the one pair around the answer. Is a blank line missing between two "
        "questions? Put a backslash before a brace that belongs to the text."
    ),
    "gift.title_not_closed": _l("The title begins with :: but does not end with ::."),
    "gift.essay": _l("Essay questions (empty braces) are not supported here: nobody could mark them at once."),
    "gift.before_answers": _l("Text stands within the braces before the first answer. Begin each answer with = or ~."),
    "gift.weight_of_right": _l("A right answer (=) is worth everything; the weight %(weight)s after it is unclear."),
    "gift.weight_unclear": _l("The weight %(weight)s cannot be read. Write weights with a point, from -100 to 100."),
    "gift.no_arrow": _l("In a matching question each answer needs an arrow: =left -> right."),
    "gift.feedback_in_pair": _l(
        "Pairs of a matching question have no feedback of their own. Move it behind ####, or put a backslash before #."
    ),
    "gift.wildcard": _l(
        "The answer “%(answer)s” uses * for any text, which is not supported here. List the accepted answers, or "
        "write a backslash before * if the sign itself is meant."
    ),
    "gift.line_in_answer": _l("An accepted short answer cannot have several lines."),
    "gift.no_number": _l("No number follows the sign #."),
    "gift.bad_number": _l("“%(text)s” is not a number."),
    "gift.picture": _l(
        "The picture %(address)s lies outside this bank and cannot be taken along. Take it out of the file and add "
        "it to the question afterwards."
    ),
    "gift.html_tag": _l(
        "The tag <%(tag)s> cannot be shown here without changing the question. Rewrite the text without it; if the "
        "tag itself is meant, begin the text with [plain]."
    ),
    "gift.html_not_closed": _l("The tag <%(tag)s> is not closed in its place. Correct the HTML."),
    "gift.not_true_false": _l(
        "“%(answer)s” is read as a short answer that is typed. For true or false, write exactly T, TRUE, F or FALSE."
    ),
    "gift.feedback_moved": _l(
        "The feedback to the answer “%(answer)s” is kept as part of the explanation of the whole question."
    ),
    "gift.tags_shown": _l("Text in Markdown contains HTML tags; they are shown as they are typed."),
    "gift.link_as_text": _l("A link is kept as text, with its address in brackets."),
    "gift.look_lost": _l("Only the look is lost: colours, sizes or underlining (%(tag)s)."),
    "aiken.cut_off": _l("The file ends before this question has an answer. Add the line “ANSWER:” with the letter."),
    "aiken.no_answer": _l("This question has no line “ANSWER:”; the next question begins in line %(next)s."),
    "aiken.letter_twice": _l("The letter %(letter)s stands before two options."),
    "aiken.letter_gap": _l("This option has the letter %(letter)s where %(expected)s should come."),
    "aiken.answer_alone": _l("This answer belongs to no question: there is no question above it."),
    "aiken.no_stem": _l("There are options but no question above them."),
    "aiken.few_options": _l("The question in line %(question)s has fewer than two options A and B."),
    "aiken.answer_empty": _l("No letter follows “ANSWER:”."),
    "aiken.several_answers": _l(
        "“%(answer)s” names several letters; Aiken has one right answer. Use GIFT or the spreadsheet for several."
    ),
    "aiken.answer_unclear": _l("“%(answer)s” does not name one option. Write only its letter."),
    "aiken.no_such_option": _l("There is no option %(letter)s; the options are %(letters)s."),
    "sheet_questions.no_headings": _l(
        "No row with the headings “Loại” and “Câu hỏi” was found. Use the template and keep its first row."
    ),
    "sheet_questions.unknown_column": _l("Column %(column)s has a heading that is not known and is not read."),
    "sheet_questions.other_sheet": _l("The sheet “%(sheet)s” has questions as well and is not read."),
    "sheet_questions.old_font": _l(
        "Some cells are written in an old font (TCVN3 or VNI) and were converted. Check the accents below."
    ),
    "sheet_questions.no_kind": _l("The row does not say the kind of the question."),
    "sheet_questions.unknown_kind": _l("“%(word)s” is not a kind of question. The sheet “Hướng dẫn” lists them."),
    "sheet_questions.cell_error": _l("The cell in column %(column)s shows an error or a formula without a result."),
    "sheet_questions.cell_is_date": _l(
        "The spreadsheet has turned the cell in column %(column)s into a date (%(value)s). Format the column as text "
        "and type it anew."
    ),
    "sheet_questions.option_gap": _l("Option %(letter)s is empty, but a later one is filled."),
    "sheet_questions.no_options_here": _l("This kind of question has no options."),
    "sheet_questions.no_tolerance_here": _l("Only numbers have a tolerance."),
    "sheet_questions.no_answer_here": _l("A matching question needs no answer: the pairs say it."),
    "sheet_questions.unknown_setting": _l("“%(word)s” is not a setting of this kind of question."),
    "sheet_questions.no_answer": _l("The right answer is missing."),
    "sheet_questions.answer_unclear": _l("“%(answer)s” cannot be read as letters of options."),
    "sheet_questions.no_such_option": _l("The answer names option %(letter)s, which is empty."),
    "sheet_questions.letter_twice": _l("The answer names option %(letter)s twice."),
    "sheet_questions.weight_missing": _l("Some letters have a weight and others have none. Give one to each."),
    "sheet_questions.not_true_false": _l("“%(answer)s” is neither Đúng nor Sai."),
    "sheet_questions.tolerances": _l(
        "There are %(answers)s numbers but %(tolerances)s tolerances. Give one for all or one for each."
    ),
    "sheet_questions.bad_number": _l("“%(text)s” is not a number."),
    "sheet_questions.answers_in_lines": _l(
        "Write each accepted answer on a line of its own or in the columns of options; a semicolon is taken for part "
        "of the answer."
    ),
    "sheet_questions.no_arrow": _l("“%(text)s” is no pair: write left -> right."),
    "sheet_questions.order_incomplete": _l("The order in the answer does not name every option."),
}
