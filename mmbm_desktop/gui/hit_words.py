"""The words for how well something was found: a percentage where the model was calibrated, else its raw similarity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import CaptionResult, Hit


def percent(probability: float) -> str:
    """Return a probability in whole per cent; what is neither impossible nor certain is never called so."""
    whole = round(100 * probability)
    if whole == 0 and probability > 0:
        return "<1%"
    return ">99%" if whole == 100 and probability < 1 else f"{whole}%"


class HitWords(QObject):
    """Makes the texts about hits and captions in the language of the moment."""

    def badge(self, hit: Hit) -> str:
        """Return the few letters on a hit's picture."""
        if _by_words_alone(hit):
            return self.tr("words")
        number = f"{hit.score:.2f}" if hit.probability is None else percent(hit.probability)
        return self.tr("words · {number}").format(number=number) if found_by_words(hit) else number

    def meaning(self, hit: Hit) -> str:
        """Return what the badge means, a sentence a line."""
        found = [self.tr("Found by its words.")] if found_by_words(hit) else []
        if hit.probability is not None:
            sentence = self.tr(
                "{percent}: in a test on pictures that people had described, about so many of the hits as similar as "
                "this one showed what was asked for."
            )
            found.append(sentence.format(percent=percent(hit.probability)))
        elif not _by_words_alone(hit):
            sentence = self.tr(
                "{score}: how similar it is to the query for the model, from -1 to 1; not a probability."
            )
            found.append(sentence.format(score=f"{hit.score:.2f}"))
        return "\n".join(found)

    def spoken(self, hit: Hit) -> str:
        """Return the badge for a screen reader."""
        found = [self.tr("Found by its words.")] if found_by_words(hit) else []
        if hit.probability is not None:
            found.append(self.tr("{percent} probable").format(percent=percent(hit.probability)))
        elif not _by_words_alone(hit):
            found.append(self.tr("score {score}").format(score=f"{hit.score:.2f}"))
        return " ".join(found)

    def caption_badge(self, result: CaptionResult) -> str:
        """Return the few letters beside a caption."""
        if result.probability is None:
            return self.tr("fits the picture · {fit}").format(fit=f"{result.fit:.2f}")
        return self.tr("fits the picture · {fit}").format(fit=percent(result.probability))

    def caption_meaning(self, result: CaptionResult) -> str:
        """Return what the badge beside a caption means."""
        score = result.captions[0].score if result.captions else 0.0
        sure = self.tr("How sure the writer was of its words: {score} of 1.").format(score=f"{score:.2f}")
        if result.probability is None:
            fits = self.tr("How similar caption and picture are to the model, from -1 to 1: not a probability.")
        else:
            fits = self.tr(
                "{percent}: in a test on pictures that people had described, about so many of the captions as similar "
                "to their picture as this one said what people say of it."
            ).format(percent=percent(result.probability))
        return f"{fits}\n{sure}"

    def nothing(self) -> str:
        """Return what is said where even the best hit is improbable."""
        return self.tr("Probably nothing here matches")


def found_by_words(hit: Hit) -> bool:
    """Return whether the words of the query were found in what is known of a hit."""
    return "words" in dict(hit.why)


def _by_words_alone(hit: Hit) -> bool:
    return found_by_words(hit) and "picture" not in dict(hit.why)
