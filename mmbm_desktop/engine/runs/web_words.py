"""The words of a run's web page, in English and Chinese, and its style sheet."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Training report", "训练报告"),
    "recipe": ("Recipe", "训练方案"),
    "data": ("Data", "数据"),
    "preset": ("Preset", "预设"),
    "epochs": ("Epochs", "轮数"),
    "learning_rate": ("Learning rate", "学习率"),
    "batch": ("Batch", "批大小"),
    "seed": ("Seed", "随机种子"),
    "device": ("Device", "设备"),
    "bundle": ("Model", "模型"),
    "options": ("Options", "选项"),
    "curve": ("Curve", "曲线"),
    "epoch": ("epoch", "轮"),
    "training": ("training", "训练"),
    "validation": ("validation", "验证"),
    "resumed": ("resumed here", "在此继续"),
    "val-numbers": ("Numbers on the validation split", "验证集结果"),
    "assessed": ("Numbers on data never trained on", "未参与训练的数据上的结果"),
    "split": ("{split}, {items} items", "{split}，共 {items} 项"),
    "none": (
        "The data have no part left out of training and checking, or it could not be read; nothing was measured.",
        "数据中没有未参与训练和验证的部分，或该部分无法读取，因此没有在新数据上测量。",
    ),
    "classes": ("Classes", "类别"),
    "class": ("Class", "类别"),
    "items": ("Items", "数量"),
    "precision": ("Precision", "精确率"),
    "recall": ("Recall", "召回率"),
    "f1": ("F1", "F1"),
    "auroc": ("AUROC", "AUROC"),
    "confusion": ("Which class was taken for which", "混淆矩阵"),
    "changes": ("Which words were taken for which", "哪些词被写成了别的词"),
    "said": ("Said", "实际说的"),
    "written": ("Written down", "写成"),
    "times": ("Times", "次数"),
    "nothing": ("(nothing)", "（无）"),
    "before": ("before", "之前"),
    "after": ("after", "之后"),
    "believed": ("How far its percentages can be believed", "概率的可信程度"),
    "believed-said": ("How sure it was", "模型的把握"),
    "believed-right": ("How often it was right", "实际正确率"),
    "rows": ("Rows: what it is. Columns: what the model says.", "行：真实类别；列：模型判断。"),
    "samples": ("Samples, the most surprising first", "样例（最意外的在前）"),
    "item": ("Item", "样本"),
    "truth": ("People say", "标注"),
    "guess": ("The model says", "模型输出"),
    "score": ("Score", "分数"),
    "right": ("right", "正确"),
    "wrong": ("wrong", "错误"),
    "skipped": ("Left out", "未使用的文件"),
    "stopped-early": (
        "Stopped early: no better for {validations} validations; the best was epoch {best}.",
        "提前停止：连续 {validations} 次验证没有进步；最佳为第 {best} 轮。",
    ),
    "halved": ("The memory ran out; the batch was halved to {batch}.", "内存不足，批大小已减半为 {batch}。"),
}

STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #6b7280; --line: #d5d9e0; --page: #ffffff; --accent: #2563eb;
  --second: #d97706; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #9aa3af; --line: #3a4048; --page: #17191c;
  --accent: #6ea8ff; --second: #f5b041; --bad: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2rem; }
p, td, th { overflow-wrap: anywhere; } .soft, figcaption { color: var(--soft); }
table { border-collapse: collapse; } td, th { text-align: left; padding: .25rem .75rem .25rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } .wrong { color: var(--bad); } img { max-width: 9rem; max-height: 9rem; }
figure { margin: 1rem 0; } svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; } .axis { stroke: var(--line); fill: none; }
.train { stroke: var(--accent); fill: none; stroke-width: 1.5; } .val { stroke: var(--second); fill: none;
  stroke-width: 2; } .dot { fill: var(--second); } .resumed { stroke: var(--soft); stroke-dasharray: 3 3; }
table.confusion td { text-align: center; min-width: 2.2rem; padding: .25rem; }
table.confusion th.column { writing-mode: vertical-rl; max-height: 10rem; }
"""


def said(key: str, language: str, **params: object) -> str:
    """Return a text in "zh" or, for every other language, in English; not yet escaped."""
    return WORDS[key][1 if language == "zh" else 0].format(**params)
