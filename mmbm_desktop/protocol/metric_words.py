"""The words for numbers, in English and 简体中文: of curves, of reports, of a model's quality. Data alone.

A number's name is what a recipe calls it; what it is about stands behind commas: a language, a direction, a data set
with its split.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Words = tuple[str, str]

LOSSES: Mapping[str, Words] = {
    "loss": ("Loss", "损失"),
    "contrast": ("Loss of matching", "图文匹配损失"),
    "caption": ("Loss of captions", "描述损失"),
    "teacher": ("Loss to the teacher", "与教师的差距"),
    "token": ("Loss per token", "每词元损失"),
    "labels": ("Loss of labels", "标签损失"),
    "features": ("Loss of features", "特征损失"),
    "scores": ("Loss of scores", "分数损失"),
}
"""What training makes small; it says how training goes, nothing of how good a model is."""
METRICS: Mapping[str, Words] = {
    **LOSSES,
    "rate": ("Learning rate", "学习率"),
    "learning rate": ("Learning rate", "学习率"),
    "learning_rate": ("Learning rate", "学习率"),
    "score": ("Score", "分数"),
    "reward": ("Reward", "奖励"),
    "greedy": ("Reward of the usual caption", "常规描述的奖励"),
    "advantage": ("Advantage", "优势"),
    "preference": ("Agreement with thumbs", "与点赞点踩的一致度"),
    "kl": ("Divergence from the start", "与初始模型的差异（KL）"),
    "words": ("Words a caption", "每条描述的词数"),
    "different": ("Share of different captions", "不同描述的比例"),
    "accuracy": ("Accuracy", "准确率"),
    "macro F1": ("F1, mean of classes", "F1（各类平均）"),
    "mean F1": ("F1, mean of classes", "F1（各类平均）"),
    "mean AUROC": ("AUROC, mean of classes", "AUROC（各类平均）"),
    "mean average precision": ("Average precision, mean of classes", "平均精度（各类平均）"),
    "accuracy among all sounds": ("Accuracy among all sounds", "在所有声音中的准确率"),
    "calibration error": ("Calibration error", "校准误差"),
    "expected calibration error": ("Calibration error", "校准误差"),
    "expected calibration error from 0.1 on": ("Calibration error from 0.1 on", "校准误差（概率 0.1 以上）"),
    "search calibration error (ECE)": ("Calibration error of hits", "搜索结果的校准误差"),
    "search Brier score": ("Brier score of hits", "搜索结果的 Brier 分数"),
    "caption calibration error (ECE)": ("Calibration error of captions", "描述的校准误差"),
    "caption Brier score": ("Brier score of captions", "描述的 Brier 分数"),
    "clip accuracy": ("Clips written down right", "完全写对的片段"),
    "word error rate": ("Word error rate", "词错误率"),
    "words right": ("Words right (1 − word error rate)", "词正确率（1 − 词错误率）"),
    "substitutions": ("Words taken for others", "听成别的词"),
    "deletions": ("Words left out", "漏掉的词"),
    "insertions": ("Words made up", "多出的词"),
    "agreement with the old model": ("Agreement with the old model", "与旧模型的一致度"),
    "fit of picture and caption": ("Fit of picture and caption", "图片与描述的契合度"),
    "return": ("Return", "回报"),
    "epsilon": ("Exploration", "探索"),
    "steps": ("Moves an episode", "每局步数"),
    "mean return": ("Mean return", "平均回报"),
    "deviation": ("Deviation of returns", "回报的标准差"),
    "lowest": ("Lowest return", "最低回报"),
    "highest": ("Highest return", "最高回报"),
    "mean steps": ("Moves an episode", "每局步数"),
    "solved from": ("Counts as solved from", "达到此值算解决"),
}
_ABOUT: Mapping[str, Words] = {
    "English": ("English", "英文"),
    "Chinese": ("Chinese", "中文"),
    "en": ("English", "英文"),
    "zh": ("Chinese", "中文"),
    "English to Chinese": ("English to Chinese", "英译中"),
    "Chinese to English": ("Chinese to English", "中译英"),
    "en-zh": ("English to Chinese", "英译中"),
    "zh-en": ("Chinese to English", "中译英"),
    "by character": ("by character", "按字"),
    "five LibriSpeech and JFK clips": ("five LibriSpeech and JFK clips", "LibriSpeech 和肯尼迪演讲的五段录音"),
    "accented children": ("accented children", "带口音的儿童"),
}
_SPLITS: Mapping[str, Words] = {
    "train": ("training", "训练"),
    "val": ("validation", "验证"),
    "test": ("held out", "留出"),
    "folds": ("each fold by a network without it", "每折由没有学过它的网络判断"),
    "new episodes": ("new episodes", "新的对局"),
}
_NUMBERED: tuple[tuple[re.Pattern[str], Words], ...] = (
    (re.compile(r"accuracy of fold (\w+)"), ("Accuracy of fold {0}", "第 {0} 折的准确率")),
    (re.compile(r"F1 of (.+)"), ("F1 of {0}", "{0} 的 F1")),
    (
        re.compile(r"(?:text-to-image R|recall)@(\d+)"),
        ("Pictures found among the first {0}", "前 {0} 个结果中找到图片的比例"),
    ),
    (re.compile(r"image-to-text R@(\d+)"), ("Texts found among the first {0}", "前 {0} 个结果中找到文字的比例")),
)
_OF_SETS: tuple[tuple[re.Pattern[str], Words], ...] = (
    (re.compile(r"(.+) train"), ("{0} train", "{0} 训练集")),
    (re.compile(r"(.+) val"), ("{0} val", "{0} 验证集")),
    (re.compile(r"all test folds"), ("all test folds", "所有测试折")),
    (re.compile(r"(.+) test folds"), ("{0} test folds", "{0} 测试折")),
    (re.compile(r"(.+) test fold(\w+)"), ("{0} test fold {1}", "{0} 测试集第 {1} 折")),
    (re.compile(r"(.+) test"), ("{0} test", "{0} 测试集")),
)
_FOLD: tuple[tuple[re.Pattern[str], Words], ...] = ((re.compile(r"fold(\d+)"), ("fold {0}", "第 {0} 折")),)
_SHORT = re.compile(r"(.+) (en|zh|en-zh|zh-en)")


def metric_words(name: str, language: str) -> str:
    """Return what people call a number, in "zh" or English; one without words keeps its own name."""
    said = _alone(name, language)
    parts = name.split(", ")
    if said and (len(parts) == 1 or not _about(parts[-1], language)):
        return said
    first, about = _apart(parts, language)
    short = _SHORT.fullmatch(first)
    if short is not None and not _alone(first, language):
        first, about = short[1], [_about(short[2], language), *about]
    return ("，" if language == "zh" else ", ").join([_alone(first, language) or first, *about])


def split_words(split: str, language: str) -> str:
    """Return what people call a part of the data, such as "test" or "fold3"."""
    return _known(_SPLITS, split, language) or _matched(_FOLD, split, language) or split


def _apart(parts: list[str], language: str) -> tuple[str, list[str]]:
    """Return a number's own name and the words for what it is about: the parts at its end that have some."""
    first = len(parts)
    while first > 1 and _about(parts[first - 1], language):
        first -= 1
    return ", ".join(parts[:first]), [_about(part, language) for part in parts[first:]]


def _alone(name: str, language: str) -> str:
    return _known(METRICS, name, language) or _matched(_NUMBERED, name, language)


def _about(part: str, language: str) -> str:
    return _known(_ABOUT, part, language) or _matched(_OF_SETS, part, language)


def _known(words: Mapping[str, Words], name: str, language: str) -> str:
    return words[name][language == "zh"] if name in words else ""


def _matched(patterns: tuple[tuple[re.Pattern[str], Words], ...], name: str, language: str) -> str:
    """Return the words of the first pattern that a name fits, with its groups filled in; "" for none."""
    matches = ((pattern.fullmatch(name), words) for pattern, words in patterns)
    return next((words[language == "zh"].format(*found.groups()) for found, words in matches if found is not None), "")
