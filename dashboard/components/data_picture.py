"""The points of a data set on a page, and how many of them train and test."""

from __future__ import annotations

from core.experiment.data import Data
from dashboard.components.glossary.glossary import caption
from dashboard.components.live.picture import fetched_picture
from dashboard.components.live.points import points_url
from dashboard.text import Words


def data_picture(data: Data, words: Words, *, key: str, height: int) -> None:
    """The picture, fetched by the browser, over a sentence that counts the points."""
    train = data.train_rows
    told = words("explore.data_caption", train=train, test=data.rows - train)
    fetched_picture(
        points_url(data, words.language),
        label=told,
        waiting=words("explore.data_waiting"),
        key=key,
        height=height,
        words=words,
    )
    caption(told, words)
