<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>清除已结束的任务</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Nothing has been asked yet</source>
        <translation>还没有任务</translation>
    </message>
    <message>
        <source>Everything you ask for shows up here, with its progress and its errors.</source>
        <translation>你发起的所有任务都会显示在这里，包括进度和错误。</translation>
    </message>
    <message>
        <source>Go to Explore</source>
        <translation>前往“探索”</translation>
    </message>
</context>
<context>
    <name>CaptionCard</name>
    <message>
        <source>Caption</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>score {score:.2f}</source>
        <translation>得分 {score:.2f}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep the picture and its captions in the library</source>
        <translation>把图片及其描述保存到资料库</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
    <message>
        <source>Other captions</source>
        <translation>其他描述</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Search with this</source>
        <translation>以此搜索</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Remove card</source>
        <translation>移除卡片</translation>
    </message>
</context>
<context>
    <name>DetailsPane</name>
    <message>
        <source>Choose a picture or a recording to see what is known of it.</source>
        <translation>选择一张图片或一段录音，即可查看相关信息。</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>更多类似</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>similar picture</source>
        <translation>图片相似</translation>
    </message>
    <message>
        <source>same words</source>
        <translation>文字相同</translation>
    </message>
</context>
<context>
    <name>ErrorCard</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Remove card</source>
        <translation>移除卡片</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>ErrorTexts</name>
    <message>
        <source>The file is no longer there.</source>
        <translation>文件已不存在。</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>无法读取该文件。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>A file of that name is already there. It was left alone.</source>
        <translation>已有同名文件，未作改动。</translation>
    </message>
    <message>
        <source>This kind of file is not supported.</source>
        <translation>不支持这种文件。</translation>
    </message>
    <message>
        <source>The picture is damaged, or is not what its name says.</source>
        <translation>图片已损坏，或与文件名所示类型不符。</translation>
    </message>
    <message>
        <source>The picture is too large: {width} × {height} pixels. The limit is in the settings.</source>
        <translation>图片过大：{width} × {height} 像素。上限可在设置中更改。</translation>
    </message>
    <message>
        <source>The recording is damaged, or is not what its name says.</source>
        <translation>录音已损坏，或与文件名所示类型不符。</translation>
    </message>
    <message>
        <source>The recording holds no sound.</source>
        <translation>录音中没有声音数据。</translation>
    </message>
    <message>
        <source>The recording holds values that are not numbers.</source>
        <translation>录音中含有非数值的数据。</translation>
    </message>
    <message>
        <source>The folder is no longer there.</source>
        <translation>文件夹已不存在。</translation>
    </message>
    <message>
        <source>The folder cannot be read.</source>
        <translation>无法读取该文件夹。</translation>
    </message>
    <message>
        <source>Type what you are looking for, or drop a picture.</source>
        <translation>请输入要查找的内容，或拖入一张图片。</translation>
    </message>
    <message>
        <source>The query cannot be understood: {part}.</source>
        <translation>无法理解查询：{part}。</translation>
    </message>
    <message>
        <source>The model does not know this language: {language}.</source>
        <translation>该模型不支持这种语言：{language}。</translation>
    </message>
    <message>
        <source>The data cannot be used: {reason}.</source>
        <translation>数据无法使用：{reason}。</translation>
    </message>
    <message>
        <source>The training plan is not valid: {reason}.</source>
        <translation>训练配置无效：{reason}。</translation>
    </message>
    <message>
        <source>{name}: {value} is not allowed.</source>
        <translation>{name}：不允许的值 {value}。</translation>
    </message>
    <message>
        <source>There is no filter {part} Those that exist: {known}</source>
        <translation>没有筛选条件 {part} 可用的有：{known}</translation>
    </message>
    <message>
        <source>A filter cannot be left out with a dash: {part}. Filters: {known}</source>
        <translation>筛选条件前不能加减号：{part}。筛选条件：{known}</translation>
    </message>
    <message>
        <source>{part} is no kind of item. Try {known}</source>
        <translation>{part} 不是一种类型。可用：{known}</translation>
    </message>
    <message>
        <source>{part} holds no date. Dates look like {known}</source>
        <translation>{part} 中没有日期。日期写作 {known}</translation>
    </message>
    <message>
        <source>{part} weighs too much. The heaviest weight is {known}</source>
        <translation>{part} 的权重过大。最大权重为 {known}</translation>
    </message>
    <message>
        <source>The disk is full. What was saved before is safe; make room and try again.</source>
        <translation>磁盘已满。此前保存的内容不受影响；请腾出空间后重试。</translation>
    </message>
    <message>
        <source>This computer does not allow access.</source>
        <translation>没有访问权限。</translation>
    </message>
    <message>
        <source>No microphone was found. Connect one and try again.</source>
        <translation>找不到麦克风。请连接后重试。</translation>
    </message>
    <message>
        <source>The microphone stopped working. What was heard so far is kept.</source>
        <translation>麦克风停止工作。已录下的内容会保留。</translation>
    </message>
    <message>
        <source>The PortAudio library is missing, so there is no microphone. On Debian: apt install libportaudio2.</source>
        <translation>缺少 PortAudio 库，因此无法使用麦克风。在 Debian 上：apt install libportaudio2。</translation>
    </message>
    <message>
        <source>No installed model can do this.</source>
        <translation>没有已安装的模型可以完成此任务。</translation>
    </message>
    <message>
        <source>The description of the model {name} is not valid.</source>
        <translation>模型 {name} 的描述无效。</translation>
    </message>
    <message>
        <source>The model {name} is damaged ({file}). Install it again.</source>
        <translation>模型 {name} 已损坏（{file}）。请重新安装。</translation>
    </message>
    <message>
        <source>Another program is using the library. Close it and try again.</source>
        <translation>其他程序正在使用资料库。请关闭后重试。</translation>
    </message>
    <message>
        <source>The library file is damaged.</source>
        <translation>资料库文件已损坏。</translation>
    </message>
    <message>
        <source>A newer version of this program made the library.</source>
        <translation>该资料库由更新版本的程序创建。</translation>
    </message>
    <message>
        <source>There is not enough memory. Close other programs and try again.</source>
        <translation>内存不足。请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>The model process stopped twice on this. The rest goes on.</source>
        <translation>模型进程处理此项时两次意外停止。其余任务会继续。</translation>
    </message>
    <message>
        <source>The model process did not answer and was restarted. Try again.</source>
        <translation>模型进程没有响应，已重新启动。请重试。</translation>
    </message>
    <message>
        <source>The model process could not be started.</source>
        <translation>无法启动模型进程。</translation>
    </message>
    <message>
        <source>Training stopped: {reason}.</source>
        <translation>训练已停止：{reason}。</translation>
    </message>
    <message>
        <source>Something went wrong inside the program. The log has the details.</source>
        <translation>程序内部出错，详情见日志。</translation>
    </message>
</context>
<context>
    <name>ExplorePage</name>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Open pictures or recordings</source>
        <translation>打开图片或录音</translation>
    </message>
    <message>
        <source>Pictures and recordings</source>
        <translation>图片和录音</translation>
    </message>
    <message>
        <source>Open recordings</source>
        <translation>打开录音</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s)</source>
        <translation>
            <numerusform>%n 个答案</numerusform>
        </translation>
    </message>
    <message>
        <source>Saved to the library: {name}</source>
        <translation>已保存到资料库：{name}</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Transcripts</source>
        <translation>转写</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Translations</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Answers appear here</source>
        <translation>答案会显示在这里</translation>
    </message>
    <message>
        <source>Drop a photo to read what is on it, drop a recording or speak to read what is said and heard, or type words to translate them or to find pictures.</source>
        <translation>拖入照片，读出画面内容；拖入录音或直接说话，读出所说的话和听到的声音；输入文字，可以翻译或查找图片。</translation>
    </message>
    <message>
        <source>Open a photo</source>
        <translation>打开照片</translation>
    </message>
</context>
<context>
    <name>FolderCard</name>
    <message>
        <source>Add {names} to the library?</source>
        <translation>要把 {names} 加入资料库吗？</translation>
    </message>
    <message>
        <source>Its pictures become searchable by words and by example. The files themselves are never changed.</source>
        <translation>其中的图片可以用文字或示例图片搜索。文件本身不会被改动。</translation>
    </message>
    <message>
        <source>Add to library</source>
        <translation>加入资料库</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
</context>
<context>
    <name>FolderColumn</name>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>+ Add folder</source>
        <translation>+ 添加文件夹</translation>
    </message>
    <message>
        <source>Kinds</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录音</translation>
    </message>
</context>
<context>
    <name>FolderEntry</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n 个文件无法使用</numerusform>
        </translation>
    </message>
    <message>
        <source>Index again</source>
        <translation>重新索引</translation>
    </message>
    <message>
        <source>Remove from library …</source>
        <translation>从资料库中移除……</translation>
    </message>
    <message>
        <source>Remove {name} from the library?</source>
        <translation>要从资料库中移除 {name} 吗？</translation>
    </message>
    <message>
        <source>What was learned about its files is forgotten. The files are not touched.</source>
        <translation>其文件的相关信息会被清除，文件本身不会被改动。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>HitWords</name>
    <message>
        <source>words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>{percent}: in a test on pictures that people had described, about so many of the hits as similar as this one showed what was asked for.</source>
        <translation>{percent}：在由人描述过的图片上测试时，与此相似度相当的结果中约有这么多符合查询内容。</translation>
    </message>
    <message>
        <source>Found by its words.</source>
        <translation>按文字找到。</translation>
    </message>
    <message>
        <source>words · {number}</source>
        <translation>文字 · {number}</translation>
    </message>
    <message>
        <source>{score}: how similar it is to the query for the model, from -1 to 1; not a probability.</source>
        <translation>{score}：模型认为它与查询内容的相似程度，从 -1 到 1；不是概率。</translation>
    </message>
    <message>
        <source>{percent} probable</source>
        <translation>可能性 {percent}</translation>
    </message>
    <message>
        <source>score {score}</source>
        <translation>得分 {score}</translation>
    </message>
    <message>
        <source>fits the picture · {fit}</source>
        <translation>与图片相符 · {fit}</translation>
    </message>
    <message>
        <source>How sure the writer was of its words: {score} of 1.</source>
        <translation>生成文字时的把握：{score}（满分 1）。</translation>
    </message>
    <message>
        <source>How similar caption and picture are to the model, from -1 to 1: not a probability.</source>
        <translation>模型认为描述与图片的相似程度，从 -1 到 1：不是概率。</translation>
    </message>
    <message>
        <source>{percent}: in a test on pictures that people had described, about so many of the captions as similar to their picture as this one said what people say of it.</source>
        <translation>{percent}：在由人描述过的图片上测试时，与图片相似度相当的描述中约有这么多与人的描述一致。</translation>
    </message>
    <message>
        <source>Probably nothing here matches</source>
        <translation>这里可能没有符合的内容</translation>
    </message>
</context>
<context>
    <name>ImagePanel</name>
    <message>
        <source>Image</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Browse</source>
        <translation>浏览</translation>
    </message>
    <message>
        <source>Drop photos or a folder</source>
        <translation>拖入照片或文件夹</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy error</source>
        <translation>复制错误</translation>
    </message>
</context>
<context>
    <name>JobWords</name>
    <message>
        <source>Caption {name}</source>
        <translation>描述 {name}</translation>
    </message>
    <message>
        <source>Transcribe {name}</source>
        <translation>转写 {name}</translation>
    </message>
    <message>
        <source>Find sounds in {name}</source>
        <translation>识别 {name} 中的声音</translation>
    </message>
    <message>
        <source>Translate “{text}”</source>
        <translation>翻译“{text}”</translation>
    </message>
    <message>
        <source>Record speech</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>Index {names}</source>
        <translation>索引 {names}</translation>
    </message>
    <message>
        <source>Search “{text}”</source>
        <translation>搜索“{text}”</translation>
    </message>
    <message>
        <source>Check {name}</source>
        <translation>检查 {name}</translation>
    </message>
    <message>
        <source>Read the library</source>
        <translation>读取资料库</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>{done:,} of {total:,}</source>
        <translation>{done:,}/{total:,}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>{count} ms</source>
        <translation>{count} 毫秒</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} 分钟</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count} 小时</translation>
    </message>
</context>
<context>
    <name>LibraryItemModel</name>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>{kind}: {title}</source>
        <translation>{kind}：{title}</translation>
    </message>
    <message>
        <source>{words}, {found}</source>
        <translation>{words}，{found}</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Add a folder to the library</source>
        <translation>把文件夹加入资料库</translation>
    </message>
    <message>
        <source>No speech was found.</source>
        <translation>没有听到讲话。</translation>
    </message>
    <message numerus="yes">
        <source>%n hit(s)</source>
        <translation>
            <numerusform>%n 个结果</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>The search failed</source>
        <translation>搜索失败</translation>
    </message>
    <message>
        <source>Drop a folder of pictures here</source>
        <translation>把图片文件夹拖到这里</translation>
    </message>
    <message>
        <source>Its pictures become searchable in English and Chinese. The files are never changed.</source>
        <translation>其中的图片可用英文和中文搜索。文件本身不会被改动。</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Try other words, another folder, or wait until indexing is done.</source>
        <translation>请换个词或文件夹，或等待索引完成。</translation>
    </message>
    <message numerus="yes">
        <source>%n path(s) copied</source>
        <translation>
            <numerusform>已复制 %n 个路径</numerusform>
        </translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>程序内部出错。</translation>
    </message>
    <message>
        <source>Your files and the library are safe. The log has the details.</source>
        <translation>您的文件和资料库不受影响。详情见日志。</translation>
    </message>
    <message>
        <source>Closing …</source>
        <translation>正在关闭…</translation>
    </message>
    <message>
        <source>Offline · nothing leaves this computer</source>
        <translation>离线 · 数据不会离开本机</translation>
    </message>
    <message>
        <source>Every answer is made on this computer. No network is used.</source>
        <translation>所有答案都在本机生成，不使用网络。</translation>
    </message>
    <message numerus="yes">
        <source>CPU · %n thread(s)</source>
        <translation>
            <numerusform>CPU · %n 个线程</numerusform>
        </translation>
    </message>
    <message>
        <source>Where models run. The number of threads is in the settings.</source>
        <translation>模型运行的设备。线程数可在设置中更改。</translation>
    </message>
</context>
<context>
    <name>MicrophonePanel</name>
    <message>
        <source>Listening …</source>
        <translation>正在聆听……</translation>
    </message>
    <message>
        <source>The system&apos;s microphone</source>
        <translation>系统麦克风</translation>
    </message>
    <message>
        <source>No microphone was found</source>
        <translation>找不到麦克风</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Open file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Microphone: {name}</source>
        <translation>麦克风：{name}</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Speak English, or drop a recording here</source>
        <translation>请说英语，或把录音拖到这里</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>built in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>What the model does</source>
        <translation>模型的用途</translation>
    </message>
    <message>
        <source>A language it knows</source>
        <translation>模型支持的语言</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Compare every file with its hash and run the model on a known input</source>
        <translation>核对每个文件的哈希值，并用已知输入运行模型</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>{size:.1f} MB</source>
        <translation>{size:.1f} MB</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>What answers on this computer, with numbers measured on named test sets. Nothing here is downloaded.</source>
        <translation>本机上负责回答的模型，附有在指定测试集上测得的指标。此处不会下载任何内容。</translation>
    </message>
    <message>
        <source>Whole: {count} files, largest difference on the known input {difference:.1e}</source>
        <translation>完好：{count} 个文件，已知输入上的最大差异 {difference:.1e}</translation>
    </message>
</context>
<context>
    <name>QueryBar</name>
    <message>
        <source>like {name}  ×</source>
        <translation>类似 {name}  ×</translation>
    </message>
    <message>
        <source>Search pictures in English or Chinese, -word leaves out</source>
        <translation>用英文或中文搜索图片，-词 表示排除</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>搜索资料库</translation>
    </message>
    <message>
        <source>Words find pictures, recordings and their texts.
“red car” in quotes: exactly these words · -word: less of this · dog^2: counts twice
kind:photo · folder:holiday · after:2024-06 · before:2025 · model:image-text</source>
        <translation>输入文字即可查找图片、录音及其文字。
“红色汽车”加引号：必须含有这些字 · -词：少一些 · 狗^2：权重加倍
kind:photo · folder:holiday · after:2024-06 · before:2025 · model:image-text（也可写作 类型：照片 等）</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Writing down …</source>
        <translation>正在转写……</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>RefusedCard</name>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n 个文件无法使用</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove card</source>
        <translation>移除卡片</translation>
    </message>
</context>
<context>
    <name>RunningCard</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SearchCard</name>
    <message>
        <source>Search · “{query}”</source>
        <translation>搜索 · “{query}”</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>No picture fits.</source>
        <translation>没有符合的图片。</translation>
    </message>
    <message>
        <source>The library is empty. Drop a folder of pictures to make it searchable.</source>
        <translation>资料库是空的。拖入一个图片文件夹即可搜索。</translation>
    </message>
    <message>
        <source>Open in Library</source>
        <translation>在资料库中打开</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Changes take effect at once; the thread count at the next start of the model process.</source>
        <translation>更改立即生效；线程数在模型进程下次启动时生效。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Captions in</source>
        <translation>描述语言</translation>
    </message>
    <message>
        <source>Captions to choose from</source>
        <translation>可选描述数量</translation>
    </message>
    <message>
        <source>Keep recordings</source>
        <translation>保留录音</translation>
    </message>
    <message>
        <source>CPU threads for models (0: automatic)</source>
        <translation>模型使用的 CPU 线程数（0：自动）</translation>
    </message>
    <message>
        <source>Unload models after idle minutes (0: never)</source>
        <translation>空闲多少分钟后卸载模型（0：从不）</translation>
    </message>
    <message>
        <source>Largest picture, in millions of pixels</source>
        <translation>图片大小上限（百万像素）</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英语</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>English and Chinese</source>
        <translation>英语和中文</translation>
    </message>
</context>
<context>
    <name>ShortcutsSheet</name>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Explore, Library, Models, Activity</source>
        <translation>探索、资料库、模型、活动</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>Paste a picture, text or files</source>
        <translation>粘贴图片、文字或文件</translation>
    </message>
    <message>
        <source>Start or stop recording</source>
        <translation>开始或停止录音</translation>
    </message>
    <message>
        <source>Search pictures with the text</source>
        <translation>用文字搜索图片</translation>
    </message>
    <message>
        <source>Translate the text</source>
        <translation>翻译文字</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Copy the answer or the paths in focus</source>
        <translation>复制焦点处的答案或路径</translation>
    </message>
    <message>
        <source>Undo or redo an edit of the library</source>
        <translation>撤销或重做资料库中的修改</translation>
    </message>
    <message>
        <source>Remove the card in focus</source>
        <translation>移除焦点处的卡片</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>SoundsCard</name>
    <message>
        <source>Sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>No sound that the model knows was heard.</source>
        <translation>没有听到模型认识的声音。</translation>
    </message>
    <message numerus="yes">
        <source>%n sound(s)</source>
        <translation>
            <numerusform>%n 个声音</numerusform>
        </translation>
    </message>
    <message>
        <source>Stretches in which the model hears a sound that it knows; several can be heard at once.</source>
        <translation>模型听到已知声音的时间段；同一时间可能有多个声音。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Write the sounds to a CSV or JSON Lines file</source>
        <translation>把声音列表写入 CSV 或 JSON Lines 文件</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>复制为 CSV</translation>
    </message>
    <message>
        <source>Remove card</source>
        <translation>移除卡片</translation>
    </message>
    <message>
        <source>How likely it is that the sound is there, as the model sees it</source>
        <translation>模型认为该声音存在的概率</translation>
    </message>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>再显示 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>文本 (*.txt)</translation>
    </message>
    <message>
        <source>Save sounds</source>
        <translation>保存声音列表</translation>
    </message>
</context>
<context>
    <name>TaskWords</name>
    <message>
        <source>en</source>
        <comment>the window&apos;s own language: en or zh</comment>
        <translation>zh</translation>
    </message>
    <message>
        <source>captions</source>
        <translation>图片描述</translation>
    </message>
    <message>
        <source>finds pictures by example</source>
        <translation>以图找图</translation>
    </message>
    <message>
        <source>finds pictures by words</source>
        <translation>以文找图</translation>
    </message>
    <message>
        <source>writes down speech</source>
        <translation>语音转写</translation>
    </message>
    <message>
        <source>names sounds</source>
        <translation>声音识别</translation>
    </message>
    <message>
        <source>translates</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
</context>
<context>
    <name>TextPanel</name>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Search pictures</source>
        <translation>搜索图片</translation>
    </message>
    <message>
        <source>Type words to find pictures or to translate, in English or Chinese</source>
        <translation>输入文字以查找图片或翻译，英文或中文均可</translation>
    </message>
</context>
<context>
    <name>TileDelegate</name>
    <message>
        <source>probably not what you meant</source>
        <translation>可能不是您要找的</translation>
    </message>
    <message>
        <source>No preview</source>
        <translation>无预览</translation>
    </message>
</context>
<context>
    <name>TranscriptCard</name>
    <message>
        <source>Transcript</source>
        <translation>转写</translation>
    </message>
    <message>
        <source>No speech was found.</source>
        <translation>没有听到讲话。</translation>
    </message>
    <message>
        <source>speech {score:.2f}</source>
        <translation>语音 {score:.2f}</translation>
    </message>
    <message>
        <source>How sure the recogniser is of its words, 0 to 1. Underlined words are doubtful.</source>
        <translation>识别器对文字的把握，0 到 1。带下划线的词不太确定。</translation>
    </message>
    <message>
        <source>built in: gets about 2 words in 10 wrong on read speech</source>
        <translation>内置：朗读语音中约每 10 个词错 2 个</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Search with this</source>
        <translation>以此搜索</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Save to library</source>
        <translation>保存到资料库</translation>
    </message>
    <message>
        <source>Save as text or subtitles …</source>
        <translation>另存为文本或字幕……</translation>
    </message>
    <message>
        <source>Remove card</source>
        <translation>移除卡片</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>文本 (*.txt)</translation>
    </message>
    <message>
        <source>SubRip subtitles (*.srt)</source>
        <translation>SubRip 字幕 (*.srt)</translation>
    </message>
    <message>
        <source>WebVTT (*.vtt)</source>
        <translation>WebVTT (*.vtt)</translation>
    </message>
    <message>
        <source>Save transcript</source>
        <translation>保存转写</translation>
    </message>
</context>
<context>
    <name>TranslateButton</name>
    <message>
        <source>Translate</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Chinese into English, everything else into Chinese</source>
        <translation>中文译成英文，其他文字译成中文</translation>
    </message>
    <message>
        <source>No model that translates is installed. The Models page shows what is.</source>
        <translation>没有安装翻译模型。已安装的模型见“模型”页面。</translation>
    </message>
</context>
<context>
    <name>TranslationCard</name>
    <message>
        <source>Translation · {source} → {to}</source>
        <translation>翻译 · {source} → {to}</translation>
    </message>
    <message>
        <source>The model found no words for it.</source>
        <translation>模型没有给出译文。</translation>
    </message>
    <message>
        <source>Back in {language}: {text}</source>
        <translation>译回{language}：{text}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Search with this</source>
        <translation>以此搜索</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>The score says how sure the model was of its words, from 0 to 1.</source>
        <translation>得分表示模型对用词的把握，从 0 到 1。</translation>
    </message>
    <message>
        <source>score {score:.2f}</source>
        <translation>得分 {score:.2f}</translation>
    </message>
    <message>
        <source>your words</source>
        <translation>你的文字</translation>
    </message>
    <message>
        <source>You changed the translation, so the model&apos;s numbers no longer belong to it.</source>
        <translation>你修改了译文，因此模型的数值不再适用。</translation>
    </message>
    <message>
        <source>{share:.0%} came back</source>
        <translation>译回保留 {share:.0%}</translation>
    </message>
    <message>
        <source>The translation was translated back, and this is how much of the first text came back, letter by letter (chrF). It hints at what was lost; it is not a probability.</source>
        <translation>译文又被译回原来的语言，这里表示原文逐字符保留了多少（chrF）。它提示丢失了多少内容，不是概率。</translation>
    </message>
    <message>
        <source>Copy both texts</source>
        <translation>复制原文和译文</translation>
    </message>
    <message>
        <source>Translate back</source>
        <translation>译回</translation>
    </message>
    <message>
        <source>Remove card</source>
        <translation>移除卡片</translation>
    </message>
</context>
<context>
    <name>UndoWords</name>
    <message>
        <source>There is nothing to undo.</source>
        <translation>没有可撤销的操作。</translation>
    </message>
    <message>
        <source>Undone: {step}. Ctrl+Shift+Z does it again.</source>
        <translation>已撤销：{step}。按 Ctrl+Shift+Z 可重做。</translation>
    </message>
    <message>
        <source>There is nothing to do again.</source>
        <translation>没有可重做的操作。</translation>
    </message>
    <message>
        <source>Done again: {step}.</source>
        <translation>已重做：{step}。</translation>
    </message>
    <message>
        <source>caption of {name}</source>
        <translation>{name} 的描述</translation>
    </message>
    <message>
        <source>transcript of {name}</source>
        <translation>{name} 的文字稿</translation>
    </message>
    <message>
        <source>folder {name} taken out</source>
        <translation>移出文件夹 {name}</translation>
    </message>
</context>
</TS>
