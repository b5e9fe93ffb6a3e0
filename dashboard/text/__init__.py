"""The words of the pages, in English and Chinese.

A folder a language, a file a section of the product, the same names in each. A key is
"section.name"; what varies in a sentence is a named placeholder.

>>> Words("en")("explore.at_epoch", epoch=3)
'epoch 3'
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import lru_cache

from dashboard.text.chinese import Chinese

LANGUAGES = {"en": "English", "zh": "中文"}
DEFAULT = "en"


class Words:
    """The words of one language; calling it with a key gives the sentence."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT
        self._sentences = sentences(self.language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence of a key, its placeholders filled. Raises `KeyError` for an unknown key."""
        sentence = self._sentences[key]
        return sentence.format(**values) if values else sentence

    def has(self, key: str) -> bool:
        return key in self._sentences

    def section(self, name: str) -> dict[str, str]:
        """All sentences of a section, by their names without it."""
        start = f"{name}."
        return {k.removeprefix(start): v for k, v in self._sentences.items() if k.startswith(start)}


@lru_cache
def sentences(language: str) -> Mapping[str, str]:
    """Every sentence of a language by its key."""
    folder = importlib.import_module(f"{__name__}.{language}")
    made = Chinese if language == "zh" else str
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        words = importlib.import_module(f"{folder.__name__}.{module.name}").WORDS
        found.update({f"{module.name}.{name}": made(sentence) for name, sentence in words.items()})
    return found


def preferred_language(locale: str | None) -> str:
    """The language that suits a browser's locale.

    >>> preferred_language("zh-CN"), preferred_language("de"), preferred_language(None)
    ('zh', 'en', 'en')
    """
    language = (locale or DEFAULT).replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else DEFAULT
