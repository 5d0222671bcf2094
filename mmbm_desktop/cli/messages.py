"""All words of the command line but those of error codes, in English and Chinese, and how they are chosen."""

from __future__ import annotations

import locale
import os
from collections import defaultdict
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.cli.error_messages import ERROR_TEXTS
from mmbm_desktop.cli.training_messages import TRAINING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.protocol.failure import Failure

_TRAIN_A_CLASSIFIER = (
    "No installed model knows classes of pictures. Train one from a folder with a sub-folder of pictures for each "
    "class: mmbm train --task picture-classes --data FOLDER --name NAME"
)
_TRAIN_A_CLASSIFIER_ZH = (
    "没有已安装的模型能给图片分类。请用每个类别一个子文件夹的图片文件夹训练一个："
    "mmbm train --task picture-classes --data 文件夹 --name 名称"
)
TRAINED_BY_PEOPLE: dict[str, tuple[str, str]] = {"classify": (_TRAIN_A_CLASSIFIER, _TRAIN_A_CLASSIFIER_ZH)}
"""Words for a missing model of a task that none of those that ship with the program does."""

SIDECAR_REASONS: dict[str, tuple[str, str]] = {
    "not-xml": ("it is not well-formed XML", "不是格式正确的 XML"),
    "not-xmp": ("it is not XMP", "不是 XMP"),
    "has-dtd": ("it has a document type, which XMP must not have", "含有 XMP 不允许的文档类型声明"),
    "unusual-xmp": (
        "its description or subject is written in a way that could lose something",
        "其中的描述或主题写法特殊，合并可能丢失内容",
    ),
    "not-utf8": ("it is not Unicode text", "不是 Unicode 文本"),
    "too-large": ("it is too large for a sidecar", "对附属文件来说过大"),
    "same-name": ("several files share this name; use whole names", "多个文件共用此名称；请使用完整文件名"),
    "not-in-library": ("its picture or recording is not in the library", "对应的图片或录音不在资料库中"),
    "other-columns": ("the table there has other columns", "已有的表格列名不同"),
    "not-a-table": ("it is no table that can be read", "不是可读取的表格"),
    "no-cues": ("no line of it has times", "没有带时间的内容"),
    "not-a-transcript": ("it is no transcript", "不是文字稿"),
}

REASONS: dict[str, tuple[str, str]] = {
    **SIDECAR_REASONS,
    "name-empty": ("nothing is left of it that a folder could be called", "去掉不可用的字符后没有内容"),
    "name-long": ("it is too long for a folder", "对文件夹来说过长"),
    "name-split": ("a folder of that name is taken for a part of the data", "该名称会被当作数据的划分"),
    "name-taken": (
        "another class has it but for capitals or the like",
        "与另一个类别仅有大小写之类的差别",
    ),
    "has-splits": (
        "it is divided into folders for training and test; capture into a new one",
        "其中已划分训练和测试文件夹；请采集到新文件夹",
    ),
    "has-table": (
        "a table says what its files are; capture into a new folder",
        "其中的表格说明了文件内容；请采集到新文件夹",
    ),
    "no-table": (
        "there is no metadata.jsonl, metadata.csv or captions.jsonl",
        "没有 metadata.jsonl、metadata.csv 或 captions.jsonl",
    ),
    "no-text-table": ("there is no .tsv or .tsv.gz file", "没有 .tsv 或 .tsv.gz 文件"),
    "no-captions": ("no column holds captions", "没有包含描述的列"),
    "no-pairs": (
        "no table has columns en and zh, or two columns of text",
        "没有含 en 和 zh 两列（或仅两列文本）的表格",
    ),
    "too-few-pairs": ("there are too few pairs of sentences", "句对太少"),
    "too-few-pictures": ("there are too few pictures", "图片太少"),
    "table-unreadable": ("the table cannot be read", "无法读取表格"),
    "outside-folder": ("the table names a file outside the folder", "表格引用了文件夹之外的文件"),
    "no-readable-picture": ("no picture can be read", "没有可读取的图片"),
    "no-sounds": (
        "there is no labels.jsonl, metadata.jsonl or metadata.csv, and no folder of recordings for each sound",
        "没有 labels.jsonl、metadata.jsonl 或 metadata.csv，也没有按声音分类的录音文件夹",
    ),
    "no-labels": ("no row has both a file and a label", "没有同时包含文件和标签的行"),
    "too-few-sounds": ("there are too few labelled recordings", "带标签的录音太少"),
    "unknown-role": ("a further folder has a role that the recipe does not know", "附加文件夹的用途无法识别"),
    "no-classes": (
        "there is no folder of pictures for each class, and no table with files and labels",
        "没有按类别分开的图片文件夹，也没有含文件和标签的表格",
    ),
    "one-class": ("all pictures are of one class; two are the least", "所有图片同属一类，至少需要两类"),
    "no-readable-sound": ("no recording can be read", "没有可读取的录音"),
    "loss-not-finite": (
        "the loss is no longer a number; try a smaller learning rate",
        "损失不再是有效数值，请降低学习率",
    ),
    "process-ended": (
        "the training process ended without a word, often for want of memory; it can be resumed",
        "训练进程意外结束（常因内存不足），可以继续训练",
    ),
    "task-data-name": (
        "a task, a data folder and a name are needed; an agent needs no data",
        "需要任务、数据文件夹和名称；智能体不需要数据",
    ),
    "run-busy": ("another process works on this run", "另一个进程正在处理该训练"),
    "search-busy": ("another process works on this search", "另一个进程正在进行此搜索"),
    "all-trials-failed": (
        "every trial failed; a lower learning rate or other data may help",
        "所有试验都失败了；可尝试较小的学习率或其他数据",
    ),
    "bad-name": (
        "a name has small letters, digits, dots and hyphens, and begins with a letter or digit",
        "名称只能含小写字母、数字、点和连字符，并以字母或数字开头",
    ),
    "only-dictates": (
        "PocketSphinx, which takes dictation, cannot learn; a model of spoken commands that you trained can",
        "用于听写的 PocketSphinx 无法学习；你训练的语音命令模型可以",
    ),
    "other-letters": (
        "too few corrected transcripts have only letters that the model knows",
        "只含模型认识的字母的已更正文字稿太少",
    ),
    "recordings-too-long": (
        "too few corrected recordings are as short as commands, 15 s at most",
        "像命令那样短（最多 15 秒）的已更正录音太少",
    ),
    "one-device": (
        "what this learns cannot be shared out among several GPUs; choose one of them",
        "该训练方式无法分配到多个 GPU，请选择其中一个",
    ),
    "checkpoint-damaged": ("the checkpoint is damaged", "检查点已损坏"),
    "no-synthesiser": ("espeak-ng is not installed; it says the words", "未安装 espeak-ng，无法合成语音"),
    "synthesiser-failed": ("espeak-ng cannot say the words", "espeak-ng 无法读出这些词"),
    "checkpoint-of-another-network": ("the checkpoint is of another network", "检查点属于另一个网络"),
    "no-network": ("it is a table of values, not a network", "它是数值表，不是网络"),
    "not-convertible": (
        "the converter refuses it; the log has the details",
        "转换器无法转换，详情见日志",
    ),
    "export-unreadable": (
        "what was written cannot be read again, so it was deleted",
        "导出的文件无法再次读取，已删除",
    ),
    "export-differs": (
        "what was written does not answer like the model, so it was deleted",
        "导出的文件与模型的回答不一致，已删除",
    ),
    "filter-unknown": ("there is no such filter; those that exist: {known}", "没有这种筛选条件；可用的有：{known}"),
    "filter-negated": ("a filter cannot be left out with a dash", "筛选条件前不能加减号"),
    "kind-unknown": ("no kind of item; try {known}", "没有这种类型；可用 {known}"),
    "date-unreadable": ("no date; dates look like {known}", "不是日期；日期写作 {known}"),
    "weight-too-large": ("it weighs too much; the heaviest is {known}", "权重过大；最大为 {known}"),
}
"""Words for the `reason` of an error about data, training or a query."""

TEXTS: dict[str, tuple[str, str]] = {
    "indexed": (
        "{indexed} new, {skipped} unchanged, {failed} could not be used, {seconds:.1f} s",
        "新增 {indexed}，未变 {skipped}，无法使用 {failed}，用时 {seconds:.1f} 秒",
    ),
    "watching": (
        "Watching the library's folders. Ctrl+C ends it; what was saved stays.",
        "正在监视资料库的文件夹。按 Ctrl+C 结束；已保存的内容会保留。",
    ),
    "watched": ("Watching has ended.", "监视已结束。"),
    "updated": (
        "{indexed} new or changed, {skipped} known, {gone} gone",
        "新增或更改 {indexed}，已知 {skipped}，消失 {gone}",
    ),
    "redone-items": ("{count} items answered anew by the chosen models", "所选模型已重新处理 {count} 项"),
    "watch-network-drive": (
        "changes on a network drive are not told; it is looked through every few minutes",
        "网络驱动器不通知更改，将每隔几分钟查看一次",
    ),
    "watch-watch-limit": (
        "the system watches no more folders (fs.inotify.max_user_watches); it is looked through every few minutes",
        "系统可监视的文件夹数量已达上限（fs.inotify.max_user_watches），将每隔几分钟查看一次",
    ),
    "watch-events-lost": (
        "so much changed at once that some of it was missed; the folder is looked through",
        "一次更改过多，部分通知丢失，正在重新查看该文件夹",
    ),
    "watch-unwatchable": (
        "changes cannot be noticed here; it is looked through every few minutes",
        "无法监视此处的更改，将每隔几分钟查看一次",
    ),
    "watch-away": (
        "this folder is not there just now; its items stay until it is back",
        "该文件夹目前不在，其中的项目会保留到它重新出现",
    ),
    "nothing-found": ("Nothing in the library matches.", "资料库中没有匹配的内容。"),
    "nothing-to-undo": ("There is nothing to undo or to do again.", "没有可撤销或重做的操作。"),
    "undone": ("Undone:", "已撤销："),
    "redone": ("Done again:", "已重做："),
    "step-caption": ("caption", "描述"),
    "step-import": ("words read from files", "从文件导入的内容"),
    "file-write": ("new      ", "新建"),
    "file-append": ("append   ", "追加"),
    "file-merge": ("merge    ", "合并"),
    "file-overwrite": ("overwrite", "覆盖"),
    "file-keep": ("keep     ", "保留"),
    "file-same": ("says the same", "内容相同"),
    "file-exists": ("exists", "已存在"),
    "file-no-growing": ("cannot be appended to", "无法追加"),
    "file-dropped": ("{count} control characters left out", "已去除 {count} 个控制字符"),
    "file-backup": ("before: {name}", "原文件：{name}"),
    "exported": (
        "{items} items: {written} files written, {kept} left, {failed} failed; {wordless} items have nothing to say",
        "{items} 项：已写入 {written} 个文件，保留 {kept} 个，失败 {failed} 个；{wordless} 项没有内容",
    ),
    "would-export": (
        (
            "Nothing was written. {items} items: {written} files would be, {kept} would be left, {failed} cannot;"
            " {wordless} items have nothing to say"
        ),
        (
            "未写入任何文件。{items} 项：将写入 {written} 个文件，保留 {kept} 个，无法写入 {failed} 个；"
            "{wordless} 项没有内容"
        ),
    ),
    "imported-en": ("English caption", "英文描述"),
    "imported-zh": ("Chinese caption", "中文描述"),
    "imported-transcript": ("transcript", "文字稿"),
    "imported-tags": ("tags {tags}", "标签 {tags}"),
    "imported": (
        "{sidecars} files read: {changed} items changed, {unchanged} had it all, {failed} files failed",
        "已读取 {sidecars} 个文件：更改 {changed} 项，{unchanged} 项无变化，{failed} 个文件失败",
    ),
    "would-import": (
        (
            "Nothing was changed. {sidecars} files read: {changed} items would change, {unchanged} have it all,"
            " {failed} files failed"
        ),
        "未作任何更改。已读取 {sidecars} 个文件：将更改 {changed} 项，{unchanged} 项无变化，{failed} 个文件失败",
    ),
    "step-transcript": ("transcript", "文字稿"),
    "step-label": ("class", "类别"),
    "step-thumb": ("rating", "评价"),
    "step-remove-folder": ("folder taken out", "移出文件夹"),
    "step-remove-items": ("items taken out", "移出项目"),
    "step-tags": ("tags", "标签"),
    "step-caption-again": ("captions written again", "重新描述"),
    "step-translate": ("captions translated", "翻译描述"),
    "no-tags": ("There are no tags yet.", "还没有标签。"),
    "library-info": (
        "{path}\n{items} items in {folders} folders, {megabytes:.1f} MB, version {version}",
        "{path}\n{items} 项，{folders} 个文件夹，{megabytes:.1f} MB，版本 {version}",
    ),
    "library-backup": ("Backed up: {path}", "已备份：{path}"),
    "library-move": ("Moved to {path}", "已移动到 {path}"),
    "library-copy": ("Copied to {path}: {items} items", "已复制到 {path}：{items} 项"),
    "library-restore": ("Restored: {path}", "已恢复：{path}"),
    "set-aside": ("The former library is kept as {aside}", "原资料库保存为 {aside}"),
    "corrections-of": (
        "{task}: {learned} to learn from, {held_out} held out, {missing} whose file is gone or changed",
        "{task}：{learned} 条可供学习，{held_out} 条留作检验，{missing} 条的文件已不在或已改动",
    ),
    "task-caption": ("captions", "描述"),
    "task-classify": ("classes", "类别"),
    "task-transcribe": ("transcripts", "文字稿"),
    "thumb-up": ("good", "好"),
    "thumb-down": ("bad", "不好"),
    "held-out": ("held out", "留作检验"),
    "corrections-written": ("{items} corrections are in {folder}", "{items} 条更正已写入 {folder}"),
    "correction-missing": ("{path}: gone or changed since it was corrected", "{path}：更正之后文件已不在或已改动"),
    "answers-now": ("{name} answers from now on.", "现在由 {name} 回答。"),
    "not-compared": ("{name} is ready but could not be compared.", "{name} 已就绪，但无法比较。"),
    "compared": (
        "{old} beside {new}, on {held_out} held-out corrections and {general} general items:",
        "{old} 与 {new} 对比，检验用更正 {held_out} 条，一般项目 {general} 个：",
    ),
    "on-yours": ("yours", "你的"),
    "on-general": ("general", "一般"),
    "yours-better": ("better on yours: {old} → {new}", "在你的内容上更好：{old} → {new}"),
    "yours-worse": ("worse on yours: {old} → {new}", "在你的内容上更差：{old} → {new}"),
    "yours-same": ("the same on yours: {old} → {new}", "在你的内容上相同：{old} → {new}"),
    "yours-unmeasured": (
        "none of yours is held out yet, so they were not measured",
        "你的更正中尚无留作检验的，未作比较",
    ),
    "general-number": ("general: {old} → {new}", "一般：{old} → {new}"),
    "general-unmeasured": (
        "there were no general items to see what was forgotten",
        "没有一般项目可用来查看遗忘了什么",
    ),
    "forgot": (
        "Warning: on general items the new model is more than 5 % worse than the old one.",
        "警告：在一般项目上，新模型比旧模型差 5% 以上。",
    ),
    "how-to-keep": (
        "Nothing has changed yet: mmbm improve --keep {run} lets the new model answer, --revert takes that back.",
        "目前尚未改变：mmbm improve --keep {run} 启用新模型，--revert 恢复旧模型。",
    ),
    "nothing-said": ("(no speech was found)", "（没有听到讲话）"),
    "translated-back": ("back: {back}  ({score:.2f})", "回译：{back}（{score:.2f}）"),
    "nothing-heard": ("(none of the known sounds was heard)", "（没有听到已知的声音）"),
    "model-ok": ("{name}: whole", "{name}：完好"),
    "rate-found": (
        "Learning rate {proposal:g}, a tenth of {lowest_at:.1e}, where the loss was lowest.",
        "学习率 {proposal:g}，即损失最低处 {lowest_at:.1e} 的十分之一。",
    ),
    "no-rate": (
        "The loss never fell, so no rate can be proposed.",
        "损失始终没有下降，无法建议学习率。",
    ),
    "search-started": (
        "Search {search}: {trials} trials, compared at epochs {rungs}; {epochs} epochs in all.",
        "搜索 {search}：{trials} 个试验，在第 {rungs} 轮比较；共 {epochs} 轮。",
    ),
    "trial-scored": (
        "trial {number} at epoch {epoch}: {score}  ({values})",
        "试验 {number}，第 {epoch} 轮：{score}（{values}）",
    ),
    "trial-failed": ("trial {number} failed: {why}", "试验 {number} 失败：{why}"),
    "search-won": ("Trial {number} is the best: run {run}", "试验 {number} 最佳：训练 {run}"),
    "search-paused": (
        "Paused; mmbm train --resume {search} goes on.",
        "已暂停；用 mmbm train --resume {search} 继续。",
    ),
    "epoch-short": ("epoch {epoch}", "第 {epoch} 轮"),
    "usual": ("usual", "默认"),
    "trial-is-waiting": ("waiting", "等待中"),
    "trial-is-running": ("running", "训练中"),
    "trial-is-racing": ("in the race", "仍在竞争"),
    "trial-is-out": ("out", "已淘汰"),
    "trial-is-failed": ("failed", "失败"),
    "trial-is-gone": ("removed", "已删除"),
    "trial-is-best": ("best", "最佳"),
    "model-exported": (
        "{model} is in {path} ({format}), read back by itself: largest difference {difference:.1e}",
        "{model} 已导出到 {path}（{format}），并已重新读取核对：最大差异 {difference:.1e}",
    ),
    "published": ("The model is ready: {bundle}", "模型已就绪：{bundle}"),
    "amounts": ("{items} usable items, {classes} classes", "{items} 项可用，{classes} 个类别"),
    "fitting-recipes": ("can be learned by: {recipes}", "可用于训练：{recipes}"),
    "choose-inside": ("Choose the folder “{inside}” inside it.", "请选择其中的文件夹“{inside}”。"),
    "nothing-noticed": ("Nothing odd was noticed.", "没有发现异常。"),
    "episode": ("episode {number}: return {return:g}, {steps} steps", "第 {number} 局：回报 {return:g}，{steps} 步"),
    "played": (
        (
            "{environment}, {episodes} episodes: mean return {mean_return:.2f} ± {deviation:.2f}"
            " (solved from {solved_from:g})"
        ),
        "{environment}，{episodes} 局：平均回报 {mean_return:.2f} ± {deviation:.2f}（达到 {solved_from:g} 算解决）",
    ),
    "captured": ("{count} taken, in {folder}", "已采集 {count} 个，保存在 {folder}"),
    "captured-silent": (
        "{count} of them are silent: does the microphone hear anything?",
        "其中 {count} 个没有声音：麦克风是否正常？",
    ),
    "capture-starts": (
        "Taking {count} for “{label}”. Ctrl+C ends it.",
        "正在为“{label}”采集 {count} 个。按 Ctrl+C 结束。",
    ),
    "shot-silent": ("silent", "无声"),
    "camera": ("camera", "摄像头"),
    "microphone": ("microphone", "麦克风"),
    "built-in": ("built in", "内置"),
    "installed": ("installed", "已安装"),
    "interrupted": ("Stopped. What was saved stays.", "已停止。已保存的内容会保留。"),
    **TRAINING,
}


def prefers_chinese() -> bool:
    """Whether the system's language is Chinese (`LC_ALL`, `LC_MESSAGES`, `LANG`, else the locale)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].lower().startswith("zh")
    return (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese"))


def words(key: str, **params: object) -> str:
    """Return the text called `key` in the person's language, filled with `params`."""
    return _filled(TEXTS[key], params)


def error_words(failure: Failure) -> str:
    """Return the sentence for a failure in the person's language."""
    params = dict(failure.params)
    reason = REASONS.get(str(params.get("reason")))
    if reason is not None:
        params["reason"] = _filled(reason, params)
    if failure.code is ErrorCode.MODEL_MISSING and not params.get("name"):
        return _filled(TRAINED_BY_PEOPLE.get(str(params.get("task")), ERROR_TEXTS[failure.code]), params)
    return _filled(ERROR_TEXTS[failure.code], params)


def _filled(texts: tuple[str, str], params: Mapping[str, object]) -> str:
    known: defaultdict[str, object] = defaultdict(lambda: "?", params)
    return texts[1 if prefers_chinese() else 0].format_map(known)
