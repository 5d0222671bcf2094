"""The words for what can be trained: recipes, presets, settings and their choices, each with its reason."""

from __future__ import annotations

from PySide6.QtCore import QObject


class RecipeWords(QObject):
    """Names things in the language of the moment; what it has no words for keeps its own name, made readable."""

    def recipe(self, name: str) -> str:
        """Return what a recipe makes."""
        return {
            "image-text": self.tr("Captions and picture search"),
            "caption-reward": self.tr("Better captions by reward"),
            "picture-classes": self.tr("Sort pictures into classes"),
            "sounds": self.tr("Name sounds"),
            "speech-commands": self.tr("Spoken commands"),
            "translation": self.tr("Translation"),
            "q-table": self.tr("Play, from a table of values"),
            "deep-q": self.tr("Play, from a network"),
        }.get(name, readable(name))

    def recipe_reason(self, name: str) -> str:
        """Return what a recipe learns from and what for, in a sentence."""
        return {
            "image-text": self.tr("Learns from captioned pictures to write captions and to find pictures by words."),
            "caption-reward": self.tr(
                "Rewards a finished model for captions that agree with people's, or with thumbs."
            ),
            "picture-classes": self.tr("Learns from a folder of pictures per class which one a picture belongs to."),
            "sounds": self.tr("Learns from a folder of recordings per class which sounds are heard, and when."),
            "speech-commands": self.tr("Learns from recordings and transcripts to spell a few dozen words."),
            "translation": self.tr("Learns from pairs of sentences to translate between English and Chinese."),
            "q-table": self.tr("Learns by playing, without data: a table holds the value of every action."),
            "deep-q": self.tr("Learns by playing, without data: a network estimates the value of every action."),
        }.get(name, "")

    def preset(self, name: str) -> str:
        """Return what people call a preset."""
        return {
            "small": self.tr("Small"),
            "quick": self.tr("Quick"),
            "folds": self.tr("Quick, with five folds"),
            "frozen": self.tr("Ready-made eyes"),
            "fine-tune": self.tr("Adapt a finished model"),
            "tiny-cnn": self.tr("Tiny CNN, from scratch"),
            "residual": self.tr("Residual, from scratch"),
            "cider": self.tr("By people's captions"),
            "thumbs": self.tr("Follow thumbs up and down"),
            "table": self.tr("Table"),
            "state": self.tr("From positions and speeds"),
            "pixels": self.tr("From pictures of the game"),
        }.get(name, readable(name))

    def preset_reason(self, name: str) -> str:
        """Return what a preset is good for, in a sentence; "" where its name says it."""
        return {
            "small": self.tr("The size that ships with the program: the better choice for thousands of items."),
            "quick": self.tr("Learns from a few hundred items in minutes on a laptop."),
            "folds": self.tr("Trains six times: each fifth is judged by a network that never heard it."),
            "frozen": self.tr("Only the last layer learns: seconds on any computer, best for few pictures."),
            "fine-tune": self.tr("Goes on from what is installed: slower, better where your data look unusual."),
            "tiny-cnn": self.tr("The textbook network: one layer that looks, one that decides."),
            "residual": self.tr("Learns its own eyes; wants hundreds of pictures a class."),
            "cider": self.tr("Needs pictures with several captions each."),
            "thumbs": self.tr("Needs ratings of earlier captions in thumbs.jsonl."),
            "table": self.tr("For small worlds, where every place can be listed."),
            "state": self.tr("The quick way: a small network that is told where everything is."),
            "pixels": self.tr("Sees what a person sees; many times slower."),
        }.get(name, "")

    def setting(self, name: str, recipe: str = "") -> str:
        """Return the label of a setting of runs or of a recipe."""
        known = {**self._settings_of_runs(), **self._settings_of_recipes(), **self._settings_of_agents()}
        return known.get(f"{recipe}/{name}", known.get(name, readable(name)))

    def _settings_of_runs(self) -> dict[str, str]:
        return {
            "name": self.tr("Name"),
            "recipe": self.tr("Goal"),
            "preset": self.tr("Preset"),
            "device": self.tr("Device"),
            "data": self.tr("Data"),
            "epochs": self.tr("Epochs"),
            "learning_rate": self.tr("Learning rate"),
            "batch": self.tr("Batch"),
            "weight_decay": self.tr("Weight decay"),
            "seed": self.tr("Seed"),
            "patience": self.tr("Patience"),
            "min_delta": self.tr("Least progress"),
            "trials": self.tr("Trials"),
        }

    def _settings_of_recipes(self) -> dict[str, str]:
        return {
            "mixed": self.tr("Mixed sounds"),
            "joined": self.tr("Joined clips"),
            "speed": self.tr("Change of speed"),
            "head": self.tr("Last layer"),
            "balanced": self.tr("Rare classes count more"),
            "mirror": self.tr("Mirror pictures"),
            "augmentation": self.tr("Variation"),
            "label_smoothing": self.tr("Label smoothing"),
            "encoder": self.tr("Eyes of"),
            "start": self.tr("Start from"),
            "replay": self.tr("Replay"),
            "reward": self.tr("Reward"),
            "kl": self.tr("Stay close to the start"),
            "drawn": self.tr("Captions drawn a picture"),
            "decoder": self.tr("Writer"),
            "captions": self.tr("Caption pairs an epoch"),
            "words": self.tr("Word pairs an epoch"),
        }

    def _settings_of_agents(self) -> dict[str, str]:
        return {
            "environment": self.tr("Game"),
            "slippery": self.tr("Slippery"),
            "episodes": self.tr("Episodes an epoch"),
            "epoch_steps": self.tr("Steps an epoch"),
            "gamma": self.tr("Discount"),
            "epsilon_start": self.tr("Exploration at first"),
            "epsilon_end": self.tr("Exploration in the end"),
            "exploration": self.tr("Time to explore"),
            "rate_end": self.tr("Rate in the end"),
            "checked": self.tr("Episodes of a check"),
            "double": self.tr("Double Q-learning"),
            "deep-q/replay": self.tr("Moves remembered"),
            "worlds": self.tr("Games side by side"),
            "warm_up": self.tr("Steps before learning"),
            "learn_every": self.tr("Steps between updates"),
            "target_updates": self.tr("Updates between copies"),
        }

    def setting_reason(self, name: str, recipe: str = "") -> str:
        """Return why one would change a setting, in a sentence; "" where nothing is known of it."""
        known = {**self._reasons_of_runs(), **self._reasons_of_recipes(), **self._reasons_of_agents()}
        return known.get(f"{recipe}/{name}", known.get(name, ""))

    def _reasons_of_runs(self) -> dict[str, str]:
        return {
            "name": self.tr("What the finished model is called: small letters, digits, dots and dashes."),
            "device": self.tr(
                "Where it computes. A GPU is many times faster; every computer has a CPU. Several GPUs share each "
                "batch; pictures and sentences are then told apart within a share only."
            ),
            "epochs": self.tr("How often every item is seen. More learns more, until validation gets no better."),
            "learning_rate": self.tr("How far each step goes. Too high and the loss jumps; too low and it crawls."),
            "batch": self.tr("Items a step. More is steadier and wants more memory."),
            "weight_decay": self.tr("Pulls weights towards zero: more of it where few items are learned by heart."),
            "seed": self.tr("Decides every random choice: the same seed gives the same run."),
            "patience": self.tr("Validations without a better score after which the run ends early; 0: never."),
            "min_delta": self.tr("By how much a score must be higher to count as better."),
        }

    def _reasons_of_recipes(self) -> dict[str, str]:
        return {
            "mixed": self.tr("Share of the examples in which two sounds are heard at once."),
            "joined": self.tr("Share of the examples that are two clips in a row, so that sequences are learned."),
            "speed": self.tr("By how much clips run faster or slower, at most, so that other voices are understood."),
            "head": self.tr("Two layers tell harder classes apart, and want more pictures."),
            "balanced": self.tr("Helps where some classes are much smaller than others."),
            "mirror": self.tr("Doubles the views; wrong for letters and signs."),
            "augmentation": self.tr("How far pictures are cropped and coloured at random, so that few teach more."),
            "label_smoothing": self.tr("Keeps the model from being too sure of itself."),
            "encoder": self.tr("The installed model whose eyes are used; empty for the one that ships."),
            "start": self.tr("The installed model to go on from; empty for none."),
            "replay": self.tr("Share of the examples that are general ones, so that old skills stay."),
            "reward": self.tr("What counts as a good caption."),
            "kl": self.tr("The higher, the less the model drifts from how it wrote before."),
            "drawn": self.tr("More compare better and take longer."),
        }

    def _reasons_of_agents(self) -> dict[str, str]:
        return {
            "q-table/epochs": self.tr(
                "How many rounds of episodes are played; after each one it shows how well it plays."
            ),
            "deep-q/epochs": self.tr("How many rounds of moves are made; after each one it shows how well it plays."),
            "q-table/learning_rate": self.tr("How far a move changes the value of its action, in the beginning."),
            "q-table/batch": self.tr("A table learns from every move by itself: this changes nothing."),
            "deep-q/batch": self.tr("Remembered moves an update. More is steadier and slower."),
            "environment": self.tr("What is played; learned from nothing but its rewards."),
            "slippery": self.tr("Steps may slide aside: harder, and luck matters."),
            "episodes": self.tr("Games between two checks."),
            "epoch_steps": self.tr("Moves between two checks."),
            "gamma": self.tr("How much later rewards count beside the next one."),
            "epsilon_start": self.tr("Share of moves that are tried at random in the beginning."),
            "epsilon_end": self.tr("Share of moves that are tried at random in the end."),
            "exploration": self.tr("Share of the run over which random moves become rare."),
            "double": self.tr("Keeps values from being guessed too high."),
            "checked": self.tr("Games that are played after each epoch to see how good it is."),
            "deep-q/replay": self.tr("Moves that are kept and learned from again."),
            "worlds": self.tr("More games at once make each step steadier."),
        }

    def choice(self, name: str) -> str:
        """Return what people call one of a setting's choices."""
        return {
            "linear": self.tr("One layer"),
            "mlp": self.tr("Two layers"),
            "cider": self.tr("Like people's captions"),
            "thumbs": self.tr("Thumbs up and down"),
            "frozen-lake-4x4": self.tr("Frozen lake, 4 × 4"),
            "frozen-lake-8x8": self.tr("Frozen lake, 8 × 8"),
            "cliff-walking": self.tr("Cliff walking"),
            "taxi": self.tr("Taxi"),
            "cart-pole": self.tr("Cart and pole"),
            "mountain-car": self.tr("Mountain car"),
            "acrobot": self.tr("Acrobot"),
        }.get(name, readable(name))


def readable(name: str) -> str:
    """Return an id as words."""
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
