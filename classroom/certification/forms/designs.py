"""What a coordinator types to design a certificate."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, ColorField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from classroom.certification.rules.designs import LONGEST, MOST_LINES, Design, Frame
from classroom.web.forms import BaseForm, at_most, needed

FRAMES = {
    Frame.GUILLOCHE: _l("Engraved, as on banknotes"),
    Frame.CLASSIC: _l("Double line with corners"),
    Frame.PLAIN: _l("Plain, with bands above and below"),
}
_MOST_TYPED = (LONGEST["wording"] + 2) * MOST_LINES


class DesignForm(BaseForm):
    """A design as it is typed; what is wrong with it as a whole, the rules say."""

    authority = StringField(_l("Body above"), [at_most(LONGEST["authority"])])
    organisation = StringField(_l("Who issues it"), [at_most(LONGEST["organisation"])])
    title = StringField(_l("Title"), [needed(), at_most(LONGEST["title"])])
    salutation = StringField(_l("Words before the name"), [at_most(LONGEST["salutation"])])
    wording = TextAreaField(_l("Wording"), [at_most(_MOST_TYPED)])
    place = StringField(_l("Place"), [at_most(LONGEST["place"])])
    signer_title = StringField(_l("Office of who signs"), [at_most(LONGEST["signer_title"])])
    signer_name = StringField(_l("Name of who signs"), [at_most(LONGEST["signer_name"])])
    show_born = BooleanField(_l("Print the date of birth"))
    show_unit = BooleanField(_l("Print the unit"))
    show_result = BooleanField(_l("Print the result"))
    seal_space = BooleanField(_l("Leave space for a seal"))
    frame = RadioField(_l("Frame"), choices=[SelectChoice(key.value, words) for key, words in FRAMES.items()])
    main = ColorField(_l("Colour of title, name and frame"))
    accent = ColorField(_l("Colour of ornaments"))
    logo = FileField(_l("Emblem (PNG or JPEG)"))
    no_logo = BooleanField(_l("Print without an emblem"))

    def show(self, design: Design) -> None:
        """Begin with this design."""
        for name, value in design.as_json().items():
            self[name].data = "\n".join(value) if name == "wording" else value

    def design(self) -> Design:
        """The design as typed, not yet judged."""
        typed: dict[str, Any] = {
            name: self[name].data or "" for name in Design().as_json() if name not in {"wording", "frame"}
        }
        for name in ("show_born", "show_unit", "show_result", "seal_space"):
            typed[name] = bool(self[name].data)
        lines = [" ".join(line.split()) for line in (self.wording.data or "").splitlines()]
        return Design(**{**typed, "wording": tuple(filter(None, lines)), "frame": Frame(self.frame.data)})

    def sent_logo(self) -> bytes:
        """The picture that came with the form; empty where none was chosen."""
        sent = self.logo.data
        return bytes(sent.read()) if sent else b""
