"""What the command line says about errors, in English and Chinese: every code has its words here."""

from __future__ import annotations

from mmbm_desktop.base.errors import ErrorCode

ERROR_TEXTS: dict[ErrorCode, tuple[str, str]] = {
    ErrorCode.FILE_NOT_FOUND: ("There is no such file.", "找不到该文件。"),
    ErrorCode.FILE_UNREADABLE: ("The file cannot be read.", "无法读取该文件。"),
    ErrorCode.FILE_EMPTY: ("The file is empty.", "文件是空的。"),
    ErrorCode.FILE_EXISTS: (
        "A file of that name with other content exists; it was left alone.",
        "已有同名但内容不同的文件，未作改动。",
    ),
    ErrorCode.UNSUPPORTED_TYPE: ("This kind of file is not supported.", "不支持这种文件。"),
    ErrorCode.IMAGE_BROKEN: (
        "The picture is damaged or is not what its name says.",
        "图片已损坏，或与文件名所示类型不符。",
    ),
    ErrorCode.IMAGE_TOO_LARGE: (
        "The picture is too large: {width} × {height} pixels.",
        "图片过大：{width} × {height} 像素。",
    ),
    ErrorCode.AUDIO_BROKEN: (
        "The recording is damaged or is not what its name says.",
        "录音已损坏，或与文件名所示类型不符。",
    ),
    ErrorCode.AUDIO_EMPTY: ("The recording holds no sound.", "录音中没有声音数据。"),
    ErrorCode.AUDIO_NOT_FINITE: (
        "The recording holds values that are not numbers.",
        "录音中含有非数值的数据。",
    ),
    ErrorCode.FOLDER_NOT_FOUND: ("There is no such folder.", "找不到该文件夹。"),
    ErrorCode.FOLDER_UNREADABLE: ("The folder cannot be read.", "无法读取该文件夹。"),
    ErrorCode.QUERY_EMPTY: ("Say what to search for: words or a picture.", "请输入要搜索的文字或图片。"),
    ErrorCode.QUERY_INVALID: (
        "The query cannot be understood: {part} ({reason}).",
        "无法理解查询：{part}（{reason}）。",
    ),
    ErrorCode.LANGUAGE_UNSUPPORTED: (
        "The model does not know this language: {language}.",
        "该模型不支持这种语言：{language}。",
    ),
    ErrorCode.DATASET_INVALID: ("The data cannot be used: {reason}.", "数据无法使用：{reason}。"),
    ErrorCode.SPEC_INVALID: ("The training plan is not valid: {reason}.", "训练配置无效：{reason}。"),
    ErrorCode.ADDRESS_INVALID: (
        "The address of a library looks like postgresql://user:password@host:5432/database, and this is none.",
        "资料库地址形如 postgresql://user:password@host:5432/database，这不是有效地址。",
    ),
    ErrorCode.ARGUMENT_INVALID: ("{name}: {value} is not allowed.", "{name}：不允许的值 {value}。"),
    ErrorCode.SIDECAR_INVALID: (
        "The file was left as it is: {reason}.",
        "未改动该文件：{reason}。",
    ),
    ErrorCode.CORRECTIONS_TOO_FEW: (
        "There are {there} corrections to learn from; {needed} more are needed.",
        "可供学习的更正有 {there} 条；还需要 {needed} 条。",
    ),
    ErrorCode.CLASS_NAME_INVALID: (
        "“{name}” cannot be the name of a class: {reason}.",
        "“{name}”不能用作类别名称：{reason}。",
    ),
    ErrorCode.CLASS_NOT_EMPTY: (
        "There are files in the class “{name}”, so it keeps its name.",
        "类别“{name}”中已有文件，不能改名。",
    ),
    ErrorCode.DISK_FULL: (
        "The disk is full. What was saved before is safe.",
        "磁盘已满。此前保存的内容不受影响。",
    ),
    ErrorCode.PERMISSION_DENIED: ("Access is not allowed.", "没有访问权限。"),
    ErrorCode.MICROPHONE_MISSING: ("No microphone was found.", "找不到麦克风。"),
    ErrorCode.MICROPHONE_FAILED: ("The microphone stopped working.", "麦克风停止工作。"),
    ErrorCode.CAMERA_MISSING: ("No camera was found.", "找不到摄像头。"),
    ErrorCode.CAMERA_DENIED: (
        "The system does not let the program use the camera (Linux: group video).",
        "系统不允许本程序使用摄像头（Linux：video 用户组）。",
    ),
    ErrorCode.CAMERA_BUSY: ("Another program is using the camera.", "其他程序正在使用摄像头。"),
    ErrorCode.CAMERA_FAILED: (
        "The camera cannot be opened; another program may be using it, or the system may not allow it.",
        "无法打开摄像头；可能正被其他程序使用，或系统不允许。",
    ),
    ErrorCode.CAMERA_LOST: (
        "The camera stopped giving pictures. What was taken is kept.",
        "摄像头不再提供画面。已拍摄的内容会保留。",
    ),
    ErrorCode.SPEAKER_FAILED: (
        "No sound can be played: there is no output, or it cannot be opened.",
        "无法播放声音：没有输出设备，或无法打开。",
    ),
    ErrorCode.AUDIO_LIBRARY_MISSING: (
        "The PortAudio library is missing (Debian: libportaudio2).",
        "缺少 PortAudio 库（Debian：libportaudio2）。",
    ),
    ErrorCode.MODEL_MISSING: ("No installed model can do this.", "没有已安装的模型可以完成此任务。"),
    ErrorCode.BUNDLE_INVALID: ("The model's description is not valid: {name}.", "模型描述无效：{name}。"),
    ErrorCode.BUNDLE_DAMAGED: (
        "The model is damaged: {name}, file {file}. Install it again.",
        "模型已损坏：{name}，文件 {file}。请重新安装。",
    ),
    ErrorCode.LIBRARY_LOCKED: ("The library is in use elsewhere.", "资料库正在被其他程序使用。"),
    ErrorCode.LIBRARY_DAMAGED: ("The library file is damaged.", "资料库文件已损坏。"),
    ErrorCode.LIBRARY_TOO_NEW: (
        "The library was made by a newer version of this program.",
        "该资料库由更新版本的程序创建。",
    ),
    ErrorCode.LIBRARY_READ_ONLY: (
        "The library is open in another window; this one only reads.",
        "资料库已在另一个窗口中打开，此处只能读取。",
    ),
    ErrorCode.LIBRARY_FOREIGN: ("This is no library of this program.", "这不是本程序的资料库。"),
    ErrorCode.SAME_PLACE: ("The library is already there.", "资料库已在该位置。"),
    ErrorCode.LIBRARY_ON_SERVER: (
        "The library is on a server: it is backed up and moved there, for example with pg_dump.",
        "资料库位于服务器上：请在服务器上备份或迁移，例如使用 pg_dump。",
    ),
    ErrorCode.LIBRARY_NOT_EMPTY: (
        "There is something in that library already; a copy needs an empty one.",
        "目标资料库中已有内容；只能复制到空的资料库。",
    ),
    ErrorCode.SERVER_UNREACHABLE: (
        "The library's server does not answer. Check its address, and whether it runs.",
        "资料库服务器没有响应。请检查地址以及服务器是否在运行。",
    ),
    ErrorCode.SERVER_REFUSED: (
        "The library's server refuses. Check the user, the password and the name of the database.",
        "资料库服务器拒绝连接。请检查用户名、密码和数据库名称。",
    ),
    ErrorCode.SERVER_LACKS_VECTORS: (
        "The database has no vectors yet. Install pgvector on the server and run CREATE EXTENSION vector there.",
        "数据库尚不支持向量。请在服务器上安装 pgvector，并执行 CREATE EXTENSION vector。",
    ),
    ErrorCode.OUT_OF_MEMORY: ("Not enough memory.", "内存不足。"),
    ErrorCode.WORKER_CRASHED: (
        "The model process stopped twice on this input.",
        "模型进程处理此输入时两次意外停止。",
    ),
    ErrorCode.WORKER_UNRESPONSIVE: ("The model process did not answer.", "模型进程没有响应。"),
    ErrorCode.WORKER_START_FAILED: ("The model process could not be started.", "无法启动模型进程。"),
    ErrorCode.TRAINING_FAILED: ("Training stopped: {reason}.", "训练已停止：{reason}。"),
    ErrorCode.EXPORT_FAILED: (
        "The model cannot be exported as {format}: {reason}.",
        "无法将模型导出为 {format}：{reason}。",
    ),
    ErrorCode.BUG: (
        "Something went wrong inside the program; the log has the details.",
        "程序内部出错，详情见日志。",
    ),
}
