"""Words for what the data doctor finds, in English and Chinese. Every finding code has its words here."""

from __future__ import annotations

from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.finding_codes import FindingCode as Code

KIND_TEXTS: dict[DataKind, tuple[str, str]] = {
    DataKind.PICTURE_CLASSES: ("pictures in classes", "按类别的图片"),
    DataKind.SOUND_CLASSES: ("recordings in classes", "按类别的录音"),
    DataKind.CAPTIONED_PICTURES: ("pictures with captions", "带描述的图片"),
    DataKind.TRANSCRIBED_SPEECH: ("recordings with transcripts", "带文字稿的录音"),
    DataKind.TEXT_PAIRS: ("pairs of sentences", "句对"),
    DataKind.UNKNOWN: ("not recognised", "无法识别"),
}

PROBLEM_TEXTS: dict[str, tuple[str, str]] = {
    "hidden": ("begins with a dot, left out", "以点开头，已略过"),
    "long": ("very long", "过长"),
    "slash": ("holds a slash", "含有斜杠"),
    "spaces": ("begins or ends with a space", "首尾有空格"),
    "control": ("holds characters that cannot be seen", "含有不可见字符"),
    "not-text": ("holds bytes that are no text", "含有非文本字节"),
    "no-model": ("no installed model sees pictures", "没有能看图的已安装模型"),
    "few": ("too few pictures", "图片太少"),
    "unsure": ("the installed model cannot tell these classes apart", "已安装的模型分不清这些类别"),
    "photo": ("pictures", "图片"),
    "recording": ("recordings", "录音"),
}
"""Words for parameters that are codes: `problem`, `reason`, `used`."""

FINDING_TEXTS: dict[Code, tuple[str, str]] = {
    Code.NOTHING_FOUND: ("No picture, recording or table was found.", "没有找到图片、录音或表格。"),
    Code.KIND_UNKNOWN: (
        "{pictures} pictures and {recordings} recordings, but no folder for each class and no metadata.jsonl. {hint}",
        "有 {pictures} 张图片和 {recordings} 段录音，但既没有按类别分的文件夹，也没有 metadata.jsonl。{hint}",
    ),
    Code.KINDS_MIXED: (
        "Pictures and recordings are mixed; the {used} are used, {count} other files are left out.",
        "图片和录音混在一起；使用{used}，略过其余 {count} 个文件。",
    ),
    Code.TABLE_UNUSABLE: ("{table} cannot be used: {reason}.", "{table} 无法使用：{reason}。"),
    Code.FOLDER_UNREADABLE: ("{count} folders cannot be read.", "{count} 个文件夹无法读取。"),
    Code.LINK_LOOP: ("{count} links lead to folders that are read anyway.", "{count} 个链接指向已读取的文件夹。"),
    Code.TOO_DEEP: ("{count} files or folders lie too deep to be used.", "{count} 个文件或文件夹层级过深，不会使用。"),
    Code.UNSORTED: ("{count} files belong to no class.", "{count} 个文件不属于任何类别。"),
    Code.IGNORED: ("{count} files of type “{suffix}” are not used.", "{count} 个“{suffix}”类型的文件不会使用。"),
    Code.TOO_FEW: (
        "Only {items} usable items; at least {needed} are needed.",
        "只有 {items} 项可用，至少需要 {needed} 项。",
    ),
    Code.UNREADABLE: ("{count} files cannot be used. {reason}", "{count} 个文件无法使用。{reason}"),
    Code.MISSING: ("{count} files that the table lists are not there.", "表格列出的 {count} 个文件不存在。"),
    Code.UNLISTED: ("{count} files are in no table.", "{count} 个文件不在表格中。"),
    Code.ROWS_INCOMPLETE: ("{count} rows have no file or no label.", "{count} 行缺少文件或标签。"),
    Code.SPLIT_UNKNOWN: (
        "No training uses the split “{split}” ({count} items).",
        "训练不使用划分“{split}”（{count} 项）。",
    ),
    Code.ONE_CLASS: ("There is only one class, “{label}”; two are the least.", "只有一个类别“{label}”，至少需要两个。"),
    Code.CLASS_EMPTY: ("{count} classes are empty, such as “{label}”.", "{count} 个类别为空，例如“{label}”。"),
    Code.CLASS_SMALL: (
        "{count} classes have fewer than {wanted} items; the smallest, “{label}”, has {items}.",
        "{count} 个类别少于 {wanted} 项；最小的“{label}”有 {items} 项。",
    ),
    Code.CLASS_UNTRAINED: (
        "{count} classes have nothing in the train split, such as “{label}”.",
        "{count} 个类别在训练划分中没有内容，例如“{label}”。",
    ),
    Code.IMBALANCED: (
        "“{largest}” has {most} items, “{smallest}” only {fewest}.",
        "“{largest}”有 {most} 项，“{smallest}”只有 {fewest} 项。",
    ),
    Code.NAME_ODD: (
        "{count} class names are odd ({problem}), such as “{label}”.",
        "{count} 个类别名异常（{problem}），例如“{label}”。",
    ),
    Code.NAMES_ALIKE: ("“{first}” and “{second}” are almost the same name.", "“{first}”与“{second}”几乎同名。"),
    Code.SAME: ("{count} times the same file more than once in a class.", "同一类别中有 {count} 组相同的文件。"),
    Code.SAME_ACROSS_CLASSES: ("{count} times the same file with different labels.", "{count} 组相同的文件标签不同。"),
    Code.SAME_ACROSS_SPLITS: (
        "{count} times the same file in two splits: results would look better than they are.",
        "{count} 组相同的文件跨越不同划分：结果会显得比实际更好。",
    ),
    Code.ALIKE: ("{count} times nearly the same picture in a class.", "同一类别中有 {count} 组几乎相同的图片。"),
    Code.ALIKE_ACROSS_CLASSES: (
        "{count} times nearly the same picture with different labels.",
        "{count} 组几乎相同的图片标签不同。",
    ),
    Code.ALIKE_ACROSS_SPLITS: (
        "{count} times nearly the same picture in two splits: results would look better than they are.",
        "{count} 组几乎相同的图片跨越不同划分：结果会显得比实际更好。",
    ),
    Code.MISLABELLED: (
        "{count} pictures of “{label}” look like {other}.",
        "{count} 张“{label}”的图片看起来像 {other}。",
    ),
    Code.MISLABELS_SAMPLED: (
        "The labels of {items} of {of} pictures were compared with what is on them.",
        "{of} 张图片中有 {items} 张的标签与内容作了比较。",
    ),
    Code.MISLABELS_UNCHECKED: (
        "Labels were not compared with the pictures: {reason}.",
        "未将标签与图片比较：{reason}。",
    ),
    Code.SILENT: ("In {count} recordings nothing can be heard.", "{count} 段录音听不到声音。"),
    Code.CLIPPED: ("{count} recordings were recorded too loud and are cut off.", "{count} 段录音音量过大而被削波。"),
    Code.SHORT: ("{count} recordings are shorter than {seconds} s.", "{count} 段录音短于 {seconds} 秒。"),
    Code.LONG: ("{count} recordings are longer than {seconds} s.", "{count} 段录音长于 {seconds} 秒。"),
    Code.RATES_MIXED: ("The sample rates differ: {rates} Hz.", "采样率不一：{rates} Hz。"),
    Code.TEXT_EMPTY: ("{count} items have no words.", "{count} 项没有文字。"),
    Code.PAIRS_SAME: ("{count} pairs say the same on both sides.", "{count} 个句对两边相同。"),
    Code.PAIRS_UNUSED: ("{count} pairs are not English and Chinese.", "{count} 个句对不是英文与中文。"),
    Code.PAIRS_REPEATED: ("{count} rows repeat a pair.", "{count} 行重复了句对。"),
    Code.PAIRS_UNEVEN: ("In {count} pairs one side is unusually long.", "{count} 个句对一边异常长。"),
    Code.TEXT_ACROSS_SPLITS: (
        "{count} texts are in train and in another split: results would look better than they are.",
        "{count} 段文字同时在训练和其他划分中：结果会显得比实际更好。",
    ),
}
