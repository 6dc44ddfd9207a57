"""Refusals: lawful answers of "no" that a user can act on."""

from collections.abc import Mapping


class Refusal(Exception):
    """A lawful "no". `code` is stable API (`noun.reason`); its words live in the catalogue.

    `details` fill the placeholders of those words and are safe to show to the person who is refused.
    """

    status = 409

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, object] = details


class NotFound(Refusal):
    """The thing does not exist, or not for this organisation: both look the same from outside."""

    status = 404

    def __init__(self, code: str = "page.not_found", **details: object) -> None:
        super().__init__(code, **details)


class Forbidden(Refusal):
    """The actor is known and may not do this."""

    status = 403

    def __init__(self, code: str = "page.forbidden", **details: object) -> None:
        super().__init__(code, **details)


class Invalid(Refusal):
    """The input cannot be used as it is."""

    status = 422
