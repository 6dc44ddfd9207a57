"""Cookies that no other host can have set: a browser takes a `__Host-` cookie from its own host over HTTPS only."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface


def guarded(name: str) -> str:
    """The name under which a cookie is kept on this connection."""
    return f"__Host-{name}" if request.is_secure else name


def keep(response: Response, name: str, value: str, *, seconds: int, strict: bool = False) -> None:
    """Set a guarded cookie that no script can read; a `strict` one comes only with requests of our own pages."""
    response.set_cookie(
        guarded(name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        secure=request.is_secure,
        samesite="Strict" if strict else "Lax",
    )


def drop(response: Response, name: str) -> None:
    """Take a guarded cookie back."""
    response.delete_cookie(guarded(name), path="/", httponly=True, secure=request.is_secure, samesite="Lax")


class FormSession(SecureCookieSessionInterface):
    """The signed cookie behind form tokens and messages, guarded like the others; it says nothing about who is in."""

    def get_cookie_name(self, app: Flask) -> str:
        return guarded("form")

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure
