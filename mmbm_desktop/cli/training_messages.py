"""What the command line says of a training run: English, then 简体中文. See `messages.py`."""

from __future__ import annotations

TRAINING: dict[str, tuple[str, str]] = {
    "on-device": ("Training on {name}.", "训练设备：{name}。"),
    "no-gpu": ("No GPU that can be used was found; training runs on the CPU.", "没有可用的 GPU，将在 CPU 上训练。"),
    "run-started": ("Run {run}", "训练 {run}"),
    "silent": ("Nothing was heard for {seconds:.0f} s.", "已有 {seconds:.0f} 秒没有消息。"),
    "still-computing": ("It is still computing:", "它仍在计算："),
    "hangs": ("It computes nothing either, so it hangs:", "它也没有在计算，可能已卡住："),
    "uses": (
        "memory {memory:.2f} GB, {cores:.1f} of {of_cores} cores",
        "内存 {memory:.2f} GB，{of_cores} 个核心中用了 {cores:.1f} 个",
    ),
    "uses-gpu": ("GPU {number}: {used:.1f} of {total:.1f} GB", "GPU {number}：{used:.1f}/{total:.1f} GB"),
    "gpu-busy": ("{percent:.0f} % busy", "占用 {percent:.0f}%"),
    "batch-halved": ("The memory ran out; the batch is now {batch}.", "内存不足，批大小已减为 {batch}。"),
    "stopped-early": (
        "Stopped early: no better for {validations} validations; the best was epoch {best_epoch}.",
        "提前停止：连续 {validations} 次验证没有进步；最佳为第 {best_epoch} 轮。",
    ),
    "run-line": (
        "{id}  {recipe}  {state}  {epochs_done} of {epochs} epochs",
        "{id}  {recipe}  {state}  {epochs_done}/{epochs} 轮",
    ),
    "run-removed": ("{run}: removed", "{run}：已删除"),
    "no-report": ("{run} has not finished, so there is no report yet.", "{run} 尚未完成，还没有报告。"),
    "no-curve": ("{run} has not begun, so there is no curve yet.", "{run} 尚未开始，还没有曲线。"),
    "events-written": ("TensorBoard finds the curve in {path}", "TensorBoard 曲线已写入 {path}"),
    "page-written": ("The report is in {path}", "报告已写入 {path}"),
    "word-changes": ("said → written down, times:", "实际说的 → 写成，次数："),
    "no-word": ("(nothing)", "（无）"),
    "waiting": ("waiting", "等待中"),
    "preparing": ("preparing", "准备中"),
    "running": ("running", "训练中"),
    "stopping": ("stopping", "正在停止"),
    "paused": ("paused", "已暂停"),
    "failed": ("failed", "失败"),
    "finished": ("finished", "已完成"),
    "run-interrupted": ("interrupted", "已中断"),
    "checked": ("epoch {epoch} on the validation split: {numbers}", "第 {epoch} 轮验证结果：{numbers}"),
    "epoch": (
        "epoch {epoch}, step {step} of {steps}, loss {loss:.4f}",
        "第 {epoch} 轮，第 {step}/{steps} 步，损失 {loss:.4f}",
    ),
}
