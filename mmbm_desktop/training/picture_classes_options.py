"""What a spec may say to the picture-classes recipe. Plain data: it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass

from mmbm_desktop.networks.picture_classifier_config import HEADS


@dataclass(frozen=True)
class PictureClassesOptions:
    """Settings of the picture-classes recipe.

    Attributes:
        head: what stands on an encoder, "linear" or "mlp".
        balanced: whether rare classes weigh as much as common ones.
        augmentation: how far pictures are cropped and coloured, 0 for not at all.
        mirror: whether a mirrored picture is of the same class; letters and signs are not.
        label_smoothing: share of every label that goes to all classes alike (Szegedy et al. 2016).
        encoder: the image-text model whose encoder is used; the one that ships with the program where empty.
        classes: only these; every class of the data folder where empty.
        start: folder of a picture-classes bundle whose head goes on learning, with its sizes; "" for none.
        replay: share of a batch that comes from the further folders with the role "replay", beside a start.
        test_split: the split of the data folder that is kept for the end; "val" becomes a part of train then.
    """

    head: str = HEADS[0]
    balanced: bool = False
    augmentation: float = 1.0
    mirror: bool = True
    label_smoothing: float = 0.1
    encoder: str = ""
    classes: tuple[str, ...] = ()
    test_split: str = "test"
    start: str = ""
    replay: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a share that leaves nothing of the run's own data, with a ValueError."""
        if not 0 <= self.replay < 1:
            raise ValueError(f"replay = {self.replay} is no share below 1")
