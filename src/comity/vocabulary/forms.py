"""The seven forms that information takes (Korea-Japan 2016, Article 2)."""

from enum import Enum


class Form(Enum):
    """How an item exists."""

    ORAL = "oral"
    VISUAL = "visual"
    ELECTRONIC = "electronic"
    MAGNETIC = "magnetic"
    DOCUMENTARY = "documentary"
    EQUIPMENT = "equipment"
    TECHNOLOGY = "technology"
