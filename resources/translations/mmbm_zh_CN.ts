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
    <name>AgentPanel</name>
    <message>
        <source>The agent</source>
        <translation>智能体</translation>
    </message>
    <message>
        <source>What it expects, and what it does</source>
        <translation>它的预期与动作</translation>
    </message>
    <message>
        <source>Playing …</source>
        <translation>正在玩……</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>再玩一局</translation>
    </message>
    <message>
        <source>Lets the trained agent play an episode that it was never in.</source>
        <translation>让训练好的智能体玩一局它从未见过的游戏。</translation>
    </message>
    <message>
        <source>How it played last, without trying anything new</source>
        <translation>最近一局（不做新尝试）</translation>
    </message>
    <message>
        <source>How the trained agent plays, episode {seed}</source>
        <translation>训练好的智能体玩的第 {seed} 局</translation>
    </message>
</context>
<context>
    <name>AgentWords</name>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>up</source>
        <translation>上</translation>
    </message>
    <message>
        <source>down</source>
        <translation>下</translation>
    </message>
    <message>
        <source>pick up</source>
        <translation>接客</translation>
    </message>
    <message>
        <source>drop off</source>
        <translation>下客</translation>
    </message>
    <message>
        <source>coast</source>
        <translation>滑行</translation>
    </message>
    <message>
        <source>clockwise</source>
        <translation>顺时针</translation>
    </message>
    <message>
        <source>anticlockwise</source>
        <translation>逆时针</translation>
    </message>
    <message>
        <source>start</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>hole</source>
        <translation>冰洞</translation>
    </message>
    <message>
        <source>cliff</source>
        <translation>悬崖</translation>
    </message>
    <message>
        <source>goal</source>
        <translation>终点</translation>
    </message>
    <message>
        <source>taxi rank</source>
        <translation>候客点</translation>
    </message>
</context>
<context>
    <name>AnswerWords</name>
    <message>
        <source>{task}: {model}, {when}</source>
        <translation>{task}：{model}，{when}</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>转写</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
</context>
<context>
    <name>BatchActions</name>
    <message numerus="yes">
        <source>%n path(s) copied</source>
        <translation>
            <numerusform>已复制 %n 个路径</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchProgress</name>
    <message numerus="yes">
        <source>%n could not be done</source>
        <translation>
            <numerusform>%n 个未能完成</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>BatchWords</name>
    <message numerus="yes">
        <source>Caption %n item(s) again</source>
        <translation>
            <numerusform>重新描述 %n 个项目</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Translate captions of %n item(s) to Chinese</source>
        <translation>
            <numerusform>把 %n 个项目的描述译成中文</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Translate captions of %n item(s) to English</source>
        <translation>
            <numerusform>把 %n 个项目的描述译成英文</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Tag %n item(s)</source>
        <translation>
            <numerusform>更改 %n 个项目的标签</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n item(s) from the library</source>
        <translation>
            <numerusform>把 %n 个项目移出资料库</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped. What was done stays and can be undone.</source>
        <translation>已停止。已完成的会保留，也可以撤销。</translation>
    </message>
    <message numerus="yes">
        <source>%n done</source>
        <translation>
            <numerusform>完成 %n 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passed over</source>
        <translation>
            <numerusform>跳过 %n 个</numerusform>
        </translation>
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
    <name>CaptionHistory</name>
    <message>
        <source>History ({count})</source>
        <translation>历史（{count}）</translation>
    </message>
    <message>
        <source>you</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Use again</source>
        <translation>恢复使用</translation>
    </message>
    <message>
        <source>Use again: {text}</source>
        <translation>恢复使用：{text}</translation>
    </message>
</context>
<context>
    <name>CaptureClasses</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>New name of the class:</source>
        <translation>类别的新名称：</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Name of a new class</source>
        <translation>新类别的名称</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
</context>
<context>
    <name>CaptureDialog</name>
    <message>
        <source>Choose a data folder</source>
        <translation>选择数据文件夹</translation>
    </message>
    <message>
        <source>Camera or microphone</source>
        <translation>摄像头或麦克风</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Hold to take pictures</source>
        <translation>按住拍照</translation>
    </message>
    <message>
        <source>Hold to record</source>
        <translation>按住录音</translation>
    </message>
    <message>
        <source>Or hold the space bar. A short press takes one. Each is saved at once.</source>
        <translation>也可以按住空格键。短按采集一个，每个都会立即保存。</translation>
    </message>
    <message>
        <source> a second</source>
        <translation> 张/秒</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>每秒图片数</translation>
    </message>
    <message>
        <source> s each</source>
        <translation> 秒/段</translation>
    </message>
    <message>
        <source>Seconds of a recording</source>
        <translation>每段录音的秒数</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Name of the data set</source>
        <translation>数据集名称</translation>
    </message>
    <message>
        <source>Go on with a folder …</source>
        <translation>继续已有的文件夹…</translation>
    </message>
    <message>
        <source>Delete the last one</source>
        <translation>删除最后一个</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>CaptureTexts</name>
    <message>
        <source>Looking for cameras and microphones …</source>
        <translation>正在查找摄像头和麦克风…</translation>
    </message>
    <message>
        <source>Opening the camera …</source>
        <translation>正在打开摄像头…</translation>
    </message>
    <message>
        <source>in {folder}</source>
        <translation>位于 {folder}</translation>
    </message>
    <message>
        <source>This is no name.</source>
        <translation>这不能用作名称。</translation>
    </message>
    <message>
        <source>Recording begins in {seconds} s …</source>
        <translation>{seconds} 秒后开始录音…</translation>
    </message>
    <message>
        <source>Recording “{label}”: {seconds} s left</source>
        <translation>正在录制“{label}”：还剩 {seconds} 秒</translation>
    </message>
    <message>
        <source>Taking pictures of “{label}” …</source>
        <translation>正在为“{label}”拍照…</translation>
    </message>
    <message>
        <source>The last recording is silent: does the microphone hear anything?</source>
        <translation>上一段录音没有声音：麦克风是否正常？</translation>
    </message>
    <message>
        <source>Add a class first: what is in the pictures, or what is heard.</source>
        <translation>请先添加一个类别：图片里是什么，或听到的是什么。</translation>
    </message>
    <message>
        <source>Ready for “{label}”.</source>
        <translation>可以开始采集“{label}”。</translation>
    </message>
</context>
<context>
    <name>ChartPanel</name>
    <message>
        <source>train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>The charts are being loaded …</source>
        <translation>正在加载图表…</translation>
    </message>
    <message>
        <source>What the curve shows</source>
        <translation>曲线显示的内容</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>The curve begins with the first steps.</source>
        <translation>第一步完成后曲线就会出现。</translation>
    </message>
</context>
<context>
    <name>ClassRow</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>ClassTable</name>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>Of the items given this class, the share that belongs to it</source>
        <translation>被判为此类的样本中，真正属于此类的比例</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>Of the items of this class, the share that was given it</source>
        <translation>此类的样本中，被正确判为此类的比例</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Precision and recall in one number</source>
        <translation>精确率与召回率合成的一个数</translation>
    </message>
    <message>
        <source>AUROC</source>
        <translation>AUROC</translation>
    </message>
    <message>
        <source>How well its score orders items: 1 always right, 0.5 by chance</source>
        <translation>得分排序的好坏：1 为全对，0.5 为随机</translation>
    </message>
</context>
<context>
    <name>ClassesCard</name>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>How probable the class is among those the model was trained on; it knows no others</source>
        <translation>在模型学过的类别中，图片属于该类别的概率；它不认识其他类别</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Remove card</source>
        <translation>移除卡片</translation>
    </message>
</context>
<context>
    <name>ComparePanel</name>
    <message>
        <source>usual</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排比较</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Where they differ</source>
        <translation>不同之处</translation>
    </message>
    <message>
        <source>Mark two or more runs at the left.</source>
        <translation>请在左侧勾选两次或更多训练。</translation>
    </message>
</context>
<context>
    <name>ComparisonPanel</name>
    <message>
        <source>Old and new</source>
        <translation>新旧对比</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>The new model answers in the whole program</source>
        <translation>整个程序现在由新模型回答</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排对比</translation>
    </message>
    <message>
        <source>Keep the new one</source>
        <translation>保留新模型</translation>
    </message>
    <message>
        <source>Let the new model answer from now on; the old one stays beside it</source>
        <translation>从现在起由新模型回答；旧模型仍保留在旁</translation>
    </message>
    <message>
        <source>Back to {name}</source>
        <translation>恢复 {name}</translation>
    </message>
    <message>
        <source>On general items the new model is more than 5 % worse than the old one: it has forgotten something.</source>
        <translation>在一般项目上，新模型比旧模型差 5% 以上：它遗忘了一些内容。</translation>
    </message>
</context>
<context>
    <name>ConfusionModel</name>
    <message>
        <source>{truth} taken for {guess}: {count}</source>
        <translation>{truth} 被认成 {guess}：{count}</translation>
    </message>
</context>
<context>
    <name>CorrectionRow</name>
    <message>
        <source>was: {words}</source>
        <translation>原为：{words}</translation>
    </message>
    <message>
        <source>held out</source>
        <translation>留作检验</translation>
    </message>
    <message>
        <source>One in five is never learned from: old and new models are compared on it</source>
        <translation>每五条中有一条不用于学习：用它来对比新旧模型</translation>
    </message>
</context>
<context>
    <name>CorrectionsPanel</name>
    <message numerus="yes">
        <source>%n correction(s)</source>
        <translation>
            <numerusform>%n 条更正</numerusform>
        </translation>
    </message>
    <message>
        <source>My corrections</source>
        <translation>我的更正</translation>
    </message>
    <message>
        <source>Edit a caption or a transcript, set a class right or rate a caption, in Explore or in the Library: it is collected here. Improve trains a new version of the model on them, beside the old one, and compares both. Nothing is switched until you say so.</source>
        <translation>在“探索”或“资料库”中修改描述或文字稿、更正类别、给描述打分，都会收集在这里。“改进”会用它们训练一个新版本的模型（旧模型保留），并对比两者。在你确认之前不会切换。</translation>
    </message>
    <message>
        <source>Write as data folders …</source>
        <translation>写成数据文件夹…</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
</context>
<context>
    <name>CurveChart</name>
    <message>
        <source>resumed</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Ctrl and the wheel zoom, dragging moves; keys: + − arrows, 0 shows all</source>
        <translation>Ctrl 加滚轮缩放，拖动平移；按键：+ − 与方向键，0 显示全部</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮</translation>
    </message>
</context>
<context>
    <name>DataPanel</name>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Drop a data folder here</source>
        <translation>将数据文件夹拖到这里</translation>
    </message>
    <message>
        <source>A folder per class, or a table metadata.csv or metadata.jsonl beside the files, or a .tsv of sentence pairs. It is looked over first; nothing in it is changed.</source>
        <translation>每个类别一个文件夹，或在文件旁放一个 metadata.csv 或 metadata.jsonl 表格，或一个句对 .tsv 文件。会先检查一遍，不会改动其中任何内容。</translation>
    </message>
    <message>
        <source>Choose a folder …</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Camera or microphone …</source>
        <translation>用摄像头或麦克风采集…</translation>
    </message>
    <message>
        <source>Add to it …</source>
        <translation>继续采集…</translation>
    </message>
    <message>
        <source>Add to it with a camera or a microphone</source>
        <translation>用摄像头或麦克风继续采集到此文件夹</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Another folder …</source>
        <translation>换一个文件夹…</translation>
    </message>
    <message>
        <source>The data doctor looks the folder over …</source>
        <translation>数据医生正在检查文件夹…</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n 个样本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n 个类别</numerusform>
        </translation>
    </message>
    <message>
        <source>Data doctor: nothing to put right</source>
        <translation>数据医生：没有发现问题</translation>
    </message>
    <message numerus="yes">
        <source>Data doctor: %n finding(s)</source>
        <translation>
            <numerusform>数据医生：%n 项发现</numerusform>
        </translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>收起</translation>
    </message>
    <message numerus="yes">
        <source>Show all %n class(es)</source>
        <translation>
            <numerusform>显示全部 %n 个类别</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show all %n finding(s)</source>
        <translation>
            <numerusform>显示全部 %n 项发现</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DetailsPane</name>
    <message>
        <source>The library can only be read in this window.</source>
        <translation>此窗口只能读取资料库。</translation>
    </message>
    <message>
        <source>Choose a picture, a recording or a note to see what is known of it.</source>
        <translation>选择图片、录音或笔记，查看已知的信息。</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Edit the Chinese caption</source>
        <translation>编辑中文描述</translation>
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
</context>
<context>
    <name>EpisodeView</name>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Episode</source>
        <translation>一局游戏</translation>
    </message>
    <message numerus="yes">
        <source>Return {total}, %n step(s)</source>
        <translation>
            <numerusform>回报 {total}，%n 步</numerusform>
        </translation>
    </message>
    <message>
        <source>{what} · solved</source>
        <translation>{what} · 已解决</translation>
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
        <source>No installed model knows classes of pictures. Train one from a folder for each class.</source>
        <translation>没有已安装的模型能给图片分类。请用每个类别一个文件夹的图片训练一个。</translation>
    </message>
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
        <source>The file was left as it is: {reason}.</source>
        <translation>未改动该文件：{reason}。</translation>
    </message>
    <message>
        <source>{name}: {value} is not allowed.</source>
        <translation>{name}：不允许的值 {value}。</translation>
    </message>
    <message>
        <source>The address of a library looks like postgresql://user:password@host:5432/database, and this is none.</source>
        <translation>资料库地址形如 postgresql://user:password@host:5432/database，这不是有效地址。</translation>
    </message>
    <message>
        <source>“{name}” cannot be the name of a class: {reason}.</source>
        <translation>“{name}”不能用作类别名称：{reason}。</translation>
    </message>
    <message>
        <source>There are files in the class “{name}”, so it keeps its name.</source>
        <translation>类别“{name}”中已有文件，不能改名。</translation>
    </message>
    <message>
        <source>There are {there} corrections to learn from; {needed} more are needed.</source>
        <translation>可供学习的更正有 {there} 条；还需要 {needed} 条。</translation>
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
        <source>No sound can be played: there is no output, or it cannot be opened.</source>
        <translation>无法播放声音：没有输出设备，或无法打开。</translation>
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
        <source>A newer version of this program made the library. Update the program, or choose another library.</source>
        <translation>该资料库由更新版本的程序创建。请更新程序，或选择其他资料库。</translation>
    </message>
    <message>
        <source>The library is open in another window; this one only reads.</source>
        <translation>资料库已在另一个窗口中打开，此窗口只能读取。</translation>
    </message>
    <message>
        <source>This is no library of this program.</source>
        <translation>这不是本程序的资料库。</translation>
    </message>
    <message>
        <source>The library is already there.</source>
        <translation>资料库已在该位置。</translation>
    </message>
    <message>
        <source>The library is on a server: it is backed up and moved there, for example with pg_dump.</source>
        <translation>资料库位于服务器上：请在服务器上备份或迁移，例如使用 pg_dump。</translation>
    </message>
    <message>
        <source>There is something in that library already; a copy needs an empty one.</source>
        <translation>目标资料库中已有内容；只能复制到空的资料库。</translation>
    </message>
    <message>
        <source>The library&apos;s server does not answer. Check its address, and whether it runs.</source>
        <translation>资料库服务器没有响应。请检查地址以及服务器是否在运行。</translation>
    </message>
    <message>
        <source>The library&apos;s server refuses. Check the user, the password and the name of the database.</source>
        <translation>资料库服务器拒绝连接。请检查用户名、密码和数据库名称。</translation>
    </message>
    <message>
        <source>The database has no vectors yet. Install pgvector on the server and run CREATE EXTENSION vector there.</source>
        <translation>数据库尚不支持向量。请在服务器上安装 pgvector，并执行 CREATE EXTENSION vector。</translation>
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
        <source>The model cannot be exported as {format}: {reason}.</source>
        <translation>无法将模型导出为 {format}：{reason}。</translation>
    </message>
    <message>
        <source>Something went wrong inside the program. The log has the details.</source>
        <translation>程序内部出错，详情见日志。</translation>
    </message>
    <message>
        <source>No camera was found. Connect one and try again.</source>
        <translation>找不到摄像头。请连接后重试。</translation>
    </message>
    <message>
        <source>This computer does not let the program use the camera. Allow it in the system&apos;s privacy settings; on Linux the person must be in the group “video”.</source>
        <translation>系统不允许本程序使用摄像头。请在系统的隐私设置中允许；在 Linux 上，用户须属于“video”用户组。</translation>
    </message>
    <message>
        <source>Another program is using the camera. Close it and try again.</source>
        <translation>其他程序正在使用摄像头。请关闭后重试。</translation>
    </message>
    <message>
        <source>The camera cannot be opened. Another program may be using it, or the system may not allow it.</source>
        <translation>无法打开摄像头。可能正被其他程序使用，或系统不允许。</translation>
    </message>
    <message>
        <source>The camera stopped giving pictures. What was taken is kept.</source>
        <translation>摄像头不再提供画面。已拍摄的内容会保留。</translation>
    </message>
</context>
<context>
    <name>ExampleRow</name>
    <message>
        <source>old: {words}</source>
        <translation>旧：{words}</translation>
    </message>
    <message>
        <source>new: {words}</source>
        <translation>新：{words}</translation>
    </message>
    <message>
        <source>you: {words}</source>
        <translation>你：{words}</translation>
    </message>
    <message>
        <source>a general item</source>
        <translation>一般项目</translation>
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
        <source>Classes</source>
        <translation>类别</translation>
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
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message numerus="yes">
        <source>Export what is known of %n item(s)</source>
        <translation>
            <numerusform>导出 %n 项的已知内容</numerusform>
        </translation>
    </message>
    <message>
        <source>Beside each file</source>
        <translation>每个文件旁</translation>
    </message>
    <message>
        <source>One table of all</source>
        <translation>汇总表格</translation>
    </message>
    <message>
        <source>Captions in</source>
        <translation>描述语言</translation>
    </message>
    <message>
        <source>Files that are there</source>
        <translation>已有的文件</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>命名</translation>
    </message>
    <message>
        <source>Text (.txt)</source>
        <translation>文本 (.txt)</translation>
    </message>
    <message>
        <source>XMP with tags (.xmp)</source>
        <translation>XMP，含标签 (.xmp)</translation>
    </message>
    <message>
        <source>Subtitles (.srt)</source>
        <translation>字幕 (.srt)</translation>
    </message>
    <message>
        <source>Subtitles (.vtt)</source>
        <translation>字幕 (.vtt)</translation>
    </message>
    <message>
        <source>Transcript (.json)</source>
        <translation>文字稿 (.json)</translation>
    </message>
    <message>
        <source>Choose file …</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>No table</source>
        <translation>不要表格</translation>
    </message>
    <message>
        <source>English and Chinese</source>
        <translation>英文和中文</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Keep; XMP gets only what it lacks</source>
        <translation>保留；XMP 只补充缺少的内容</translation>
    </message>
    <message>
        <source>Append what they do not say yet</source>
        <translation>追加尚未包含的内容</translation>
    </message>
    <message>
        <source>Overwrite; the old ones are kept as .bak</source>
        <translation>覆盖；原文件保留为 .bak</translation>
    </message>
    <message>
        <source>As usual: photo.jpg.xmp, photo.txt</source>
        <translation>惯例：photo.jpg.xmp、photo.txt</translation>
    </message>
    <message>
        <source>Whole names: photo.jpg.xmp (darktable, digiKam)</source>
        <translation>完整文件名：photo.jpg.xmp（darktable、digiKam）</translation>
    </message>
    <message>
        <source>Without the ending: photo.xmp (Lightroom)</source>
        <translation>不含扩展名：photo.xmp（Lightroom）</translation>
    </message>
    <message>
        <source>What would be written</source>
        <translation>将写入的内容</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose at least one kind of file.</source>
        <translation>请至少选择一种文件。</translation>
    </message>
    <message>
        <source>Table of the exported items</source>
        <translation>导出项目的表格</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>Keras file (.keras), to go on in Python …</source>
        <translation>Keras 文件（.keras），可在 Python 中继续使用…</translation>
    </message>
    <message>
        <source>TensorFlow SavedModel …</source>
        <translation>TensorFlow SavedModel…</translation>
    </message>
    <message>
        <source>TFLite / LiteRT, for phones and small devices …</source>
        <translation>TFLite / LiteRT，用于手机和小型设备…</translation>
    </message>
    <message>
        <source>Plain ONNX, the weights inside …</source>
        <translation>普通 ONNX，权重包含在内…</translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message>
        <source>Import from {name}</source>
        <translation>从 {name} 导入</translation>
    </message>
    <message>
        <source>Preview an export</source>
        <translation>预览导出</translation>
    </message>
    <message>
        <source>Export to files</source>
        <translation>导出到文件</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>append</source>
        <translation>追加</translation>
    </message>
    <message>
        <source>merge</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>overwrite</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>says the same</source>
        <translation>内容相同</translation>
    </message>
    <message>
        <source>exists</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>cannot be appended to</source>
        <translation>无法追加</translation>
    </message>
    <message numerus="yes">
        <source>%n control character(s) left out</source>
        <translation>
            <numerusform>已去除 %n 个控制字符</numerusform>
        </translation>
    </message>
    <message>
        <source>kept as {name}</source>
        <translation>原文件保留为 {name}</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) to write</source>
        <translation>
            <numerusform>将写入 %n 个文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written</source>
        <translation>
            <numerusform>已写入 %n 个文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stay(s) as they are</source>
        <translation>
            <numerusform>%n 个保持不变</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cannot be written</source>
        <translation>
            <numerusform>%n 个无法写入</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) have nothing to say</source>
        <translation>
            <numerusform>%n 项没有内容</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped. What was written stays.</source>
        <translation>已停止。已写入的文件会保留。</translation>
    </message>
    <message>
        <source>There was nothing new to import.</source>
        <translation>没有可导入的新内容。</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) got new words; Ctrl+Z takes them back</source>
        <translation>
            <numerusform>%n 项有了新内容；按 Ctrl+Z 可撤销</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n 个文件无法使用</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FileExchange</name>
    <message>
        <source>Import captions, tags and transcripts from a folder</source>
        <translation>从文件夹导入描述、标签和文字稿</translation>
    </message>
    <message>
        <source>Export, import</source>
        <translation>导出、导入</translation>
    </message>
    <message>
        <source>Export all that was found …</source>
        <translation>导出找到的全部内容…</translation>
    </message>
    <message>
        <source>Import from a folder …</source>
        <translation>从文件夹导入…</translation>
    </message>
</context>
<context>
    <name>FindingRow</name>
    <message numerus="yes">
        <source>Show %n item(s)</source>
        <translation>
            <numerusform>查看 %n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>must be put right</source>
        <translation>必须先处理</translation>
    </message>
    <message>
        <source>worth a look</source>
        <translation>值得看一看</translation>
    </message>
    <message>
        <source>good to know</source>
        <translation>供参考</translation>
    </message>
</context>
<context>
    <name>FindingWords</name>
    <message>
        <source>pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>recordings</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>no installed model sees pictures</source>
        <translation>没有安装能看图片的模型</translation>
    </message>
    <message>
        <source>there are too few</source>
        <translation>图片太少</translation>
    </message>
    <message>
        <source>the installed model cannot tell these classes apart</source>
        <translation>已安装的模型分不清这些类别</translation>
    </message>
    <message>
        <source>it begins with a dot and was left out</source>
        <translation>以点开头，已被忽略</translation>
    </message>
    <message>
        <source>it is very long</source>
        <translation>名字太长</translation>
    </message>
    <message>
        <source>it holds a slash</source>
        <translation>含有斜杠</translation>
    </message>
    <message>
        <source>it begins or ends with spaces</source>
        <translation>开头或结尾有空格</translation>
    </message>
    <message>
        <source>it holds characters that cannot be seen</source>
        <translation>含有看不见的字符</translation>
    </message>
    <message>
        <source>it is not readable text</source>
        <translation>不是可读的文字</translation>
    </message>
    <message>
        <source>There is no picture, recording or table in this folder.</source>
        <translation>这个文件夹里没有图片、录音或表格。</translation>
    </message>
    <message>
        <source>The layout is not one that can be learned from (pictures: {pictures}, recordings: {recordings}). Make a folder per class, or a table metadata.csv with file names and captions.</source>
        <translation>这种排列方式无法用于训练（图片：{pictures}，录音：{recordings}）。请每个类别建一个文件夹，或写一个含文件名和描述的 metadata.csv 表格。</translation>
    </message>
    <message>
        <source>Pictures and recordings are mixed; only {used} are used. Files left out: {count}.</source>
        <translation>图片和录音混在一起，只使用{used}。未使用的文件：{count} 个。</translation>
    </message>
    <message>
        <source>The table {table} cannot be used: {reason}.</source>
        <translation>表格 {table} 无法使用：{reason}。</translation>
    </message>
    <message>
        <source>Folders that cannot be opened: {count}.</source>
        <translation>打不开的文件夹：{count} 个。</translation>
    </message>
    <message>
        <source>Links back to a folder that was already visited: {count}.</source>
        <translation>指回已访问文件夹的链接：{count} 个。</translation>
    </message>
    <message>
        <source>Files that lie deeper than training looks: {count}.</source>
        <translation>放得太深、训练找不到的文件：{count} 个。</translation>
    </message>
    <message>
        <source>Files beside the folders of classes, which belong to none: {count}.</source>
        <translation>在类别文件夹之外、不属于任何类别的文件：{count} 个。</translation>
    </message>
    <message>
        <source>Files of the kind “{suffix}”, which are not used: {count}.</source>
        <translation>不使用的“{suffix}”类文件：{count} 个。</translation>
    </message>
    <message>
        <source>Too little to learn from: usable items {items}, at least {needed} are needed.</source>
        <translation>数据太少：可用样本 {items} 个，至少需要 {needed} 个。</translation>
    </message>
    <message>
        <source>Files that cannot be used: {count}. {reason}</source>
        <translation>无法使用的文件：{count} 个。{reason}</translation>
    </message>
    <message>
        <source>Files of the table that are not there: {count}.</source>
        <translation>表格里有而实际不存在的文件：{count} 个。</translation>
    </message>
    <message>
        <source>Files that are in no table: {count}.</source>
        <translation>没有列入任何表格的文件：{count} 个。</translation>
    </message>
    <message>
        <source>Rows of the table without a file or a label: {count}.</source>
        <translation>缺少文件或标签的表格行：{count} 行。</translation>
    </message>
    <message>
        <source>The part “{split}” is not used by any training. Items in it: {count}.</source>
        <translation>“{split}”部分不会用于任何训练，其中有 {count} 个样本。</translation>
    </message>
    <message>
        <source>There is only one class, “{label}”; at least two are needed.</source>
        <translation>只有一个类别“{label}”，至少需要两个。</translation>
    </message>
    <message>
        <source>“{label}” holds nothing usable.</source>
        <translation>“{label}”里没有可用的内容。</translation>
    </message>
    <message>
        <source>“{label}” is small: {items}. A class is usually learned from {wanted} items on.</source>
        <translation>“{label}”太小：{items} 个。一个类别通常需要至少 {wanted} 个样本。</translation>
    </message>
    <message>
        <source>“{largest}” is much larger ({most}) than “{smallest}” ({fewest}): the small class will be guessed too seldom.</source>
        <translation>“{largest}”（{most} 个）比“{smallest}”（{fewest} 个）大得多：小类别会很少被猜到。</translation>
    </message>
    <message>
        <source>The class name “{label}” is unusual: {problem}.</source>
        <translation>类别名“{label}”不寻常：{problem}。</translation>
    </message>
    <message>
        <source>“{first}” and “{second}” look like the same class.</source>
        <translation>“{first}”和“{second}”像是同一个类别。</translation>
    </message>
    <message>
        <source>Items of “{label}” that look like “{other}”: {count}.</source>
        <translation>“{label}”中看起来像“{other}”的样本：{count} 个。</translation>
    </message>
    <message>
        <source>Labels were compared with the pictures of {items} out of {of} items.</source>
        <translation>只比对了 {of} 个样本中 {items} 个的标签。</translation>
    </message>
    <message>
        <source>Labels were not compared with the pictures: {reason}.</source>
        <translation>没有比对标签与图片：{reason}。</translation>
    </message>
    <message>
        <source>The same file more than once in a class: {count} ×.</source>
        <translation>同一类别中重复的文件：{count} 处。</translation>
    </message>
    <message>
        <source>The same file with different labels: {count} ×.</source>
        <translation>同一文件带有不同标签：{count} 处。</translation>
    </message>
    <message>
        <source>The same file in more than one part of the data: {count} ×. The numbers will look too good.</source>
        <translation>同一文件出现在数据的不同部分：{count} 处。结果会显得过好。</translation>
    </message>
    <message>
        <source>Nearly the same picture in a class: {count} ×.</source>
        <translation>同一类别中几乎相同的图片：{count} 处。</translation>
    </message>
    <message>
        <source>Nearly the same picture with different labels: {count} ×.</source>
        <translation>几乎相同的图片带有不同标签：{count} 处。</translation>
    </message>
    <message>
        <source>Nearly the same picture in more than one part of the data: {count} ×. The numbers will look too good.</source>
        <translation>几乎相同的图片出现在数据的不同部分：{count} 处。结果会显得过好。</translation>
    </message>
    <message>
        <source>Recordings in which nothing can be heard: {count}.</source>
        <translation>听不到声音的录音：{count} 个。</translation>
    </message>
    <message>
        <source>Recordings that are too loud, the tops of their waves cut off: {count}.</source>
        <translation>音量过大而削波的录音：{count} 个。</translation>
    </message>
    <message>
        <source>Recordings shorter than {seconds} s: {count}.</source>
        <translation>短于 {seconds} 秒的录音：{count} 个。</translation>
    </message>
    <message>
        <source>Recordings longer than {seconds} s: {count}.</source>
        <translation>长于 {seconds} 秒的录音：{count} 个。</translation>
    </message>
    <message>
        <source>The recordings have different sample rates: {rates} Hz. They are made alike.</source>
        <translation>录音的采样率不同：{rates} Hz。训练时会统一。</translation>
    </message>
    <message>
        <source>Items without a text: {count}.</source>
        <translation>没有文字的样本：{count} 个。</translation>
    </message>
    <message>
        <source>Pairs with the same words on both sides: {count}.</source>
        <translation>两边文字相同的句对：{count} 对。</translation>
    </message>
    <message>
        <source>Pairs that are not English and Chinese, or not in that order: {count}.</source>
        <translation>不是英中或顺序不对的句对：{count} 对。</translation>
    </message>
    <message>
        <source>Rows that repeat a pair: {count}.</source>
        <translation>重复的句对：{count} 行。</translation>
    </message>
    <message>
        <source>Pairs of which one side is much longer than usual: {count}.</source>
        <translation>一边比通常长很多的句对：{count} 对。</translation>
    </message>
    <message>
        <source>Texts in training and in another part as well: {count}. The numbers will look too good.</source>
        <translation>同时出现在训练和其他部分的文字：{count} 条。结果会显得过好。</translation>
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
        <source>The library can only be read in this window.</source>
        <translation>此窗口只能读取资料库。</translation>
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
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
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
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
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
        <source>The library can only be read in this window.</source>
        <translation>此窗口只能读取资料库。</translation>
    </message>
    <message>
        <source>Remove {name} from the library?</source>
        <translation>要从资料库中移除 {name} 吗？</translation>
    </message>
    <message>
        <source>Its files are not touched. What is known of them comes back by Undo (Ctrl+Z) for 30 days.</source>
        <translation>文件本身不会被改动。30 天内可用“撤销”（Ctrl+Z）恢复其全部信息。</translation>
    </message>
</context>
<context>
    <name>FormPanel</name>
    <message>
        <source>Fewer settings</source>
        <translation>收起设置</translation>
    </message>
    <message>
        <source>More settings, for experts</source>
        <translation>更多设置（专家）</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新训练</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>开始训练</translation>
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
    <name>ImprovingPart</name>
    <message>
        <source>Choose a folder for your corrections</source>
        <translation>选择存放更正的文件夹</translation>
    </message>
    <message>
        <source>{name} answers from now on</source>
        <translation>现在由 {name} 回答</translation>
    </message>
    <message numerus="yes">
        <source>%n correction(s) written</source>
        <translation>
            <numerusform>已写入 %n 条更正</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are gone or changed</source>
        <translation>
            <numerusform>%n 个文件已不在或已改动</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImprovingWords</name>
    <message>
        <source>Captions</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Classes of pictures</source>
        <translation>图片类别</translation>
    </message>
    <message>
        <source>Transcripts</source>
        <translation>文字稿</translation>
    </message>
    <message numerus="yes">
        <source>%n to learn from</source>
        <translation>
            <numerusform>%n 条可供学习</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n held out for the comparison</source>
        <translation>
            <numerusform>%n 条留作对比检验</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n whose file is gone</source>
        <translation>
            <numerusform>%n 条的文件已不在</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with letters that the model does not know</source>
        <translation>
            <numerusform>%n 条含模型不认识的字母</numerusform>
        </translation>
    </message>
    <message>
        <source>They are collected, and can be written as a data folder for training.</source>
        <translation>它们会被收集，也可以写成训练用的数据文件夹。</translation>
    </message>
    <message>
        <source>{reason}. {kept}</source>
        <translation>{reason}。{kept}</translation>
    </message>
    <message numerus="yes">
        <source>%n more correction(s) to learn from are needed.</source>
        <translation>
            <numerusform>还需要 %n 条可供学习的更正。</numerusform>
        </translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>good</source>
        <translation>好</translation>
    </message>
    <message>
        <source>bad</source>
        <translation>不好</translation>
    </message>
    <message>
        <source>general: {number}</source>
        <translation>一般：{number}</translation>
    </message>
    <message>
        <source>yours: {number}</source>
        <translation>你的：{number}</translation>
    </message>
    <message>
        <source>{mine}; {general}.</source>
        <translation>{mine}；{general}。</translation>
    </message>
    <message>
        <source>None of your corrections is held out yet, so yours were not measured</source>
        <translation>你的更正中尚无留作检验的，未作比较</translation>
    </message>
    <message>
        <source>Better on yours: {old} → {new}</source>
        <translation>在你的内容上更好：{old} → {new}</translation>
    </message>
    <message>
        <source>Worse on yours: {old} → {new}</source>
        <translation>在你的内容上更差：{old} → {new}</translation>
    </message>
    <message>
        <source>The same on yours: {old}</source>
        <translation>在你的内容上相同：{old}</translation>
    </message>
    <message>
        <source>there were no general items to see what was forgotten</source>
        <translation>没有一般项目可用来查看遗忘了什么</translation>
    </message>
    <message>
        <source>general: {old} → {new}</source>
        <translation>一般：{old} → {new}</translation>
    </message>
    <message numerus="yes">
        <source>%n held-out correction(s)</source>
        <translation>
            <numerusform>%n 条检验用更正</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n general item(s)</source>
        <translation>
            <numerusform>%n 个一般项目</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>IndexingMenu</name>
    <message>
        <source>Noticing changes</source>
        <translation>正在留意更改</translation>
    </message>
    <message>
        <source>Changes are not noticed</source>
        <translation>未留意更改</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>New, changed, moved and deleted files are taken over within seconds.</source>
        <translation>新增、更改、移动和删除的文件会在几秒内更新到资料库。</translation>
    </message>
    <message>
        <source>Indexing is paused · Resume</source>
        <translation>索引已暂停 · 继续</translation>
    </message>
    <message>
        <source>Notice changes in folders</source>
        <translation>留意文件夹的更改</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>暂停索引</translation>
    </message>
    <message>
        <source>Index at low priority</source>
        <translation>以低优先级索引</translation>
    </message>
</context>
<context>
    <name>ItemFacts</name>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
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
        <source>Words by</source>
        <translation>文字来源</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>由谁回答</translation>
    </message>
    <message>
        <source>similar picture</source>
        <translation>相似图片</translation>
    </message>
    <message>
        <source>same words</source>
        <translation>文字相同</translation>
    </message>
    <message>
        <source>you</source>
        <translation>你</translation>
    </message>
</context>
<context>
    <name>ItemLists</name>
    <message>
        <source>{truth} taken for {guess}: {count}</source>
        <translation>{truth} 被认成 {guess}：{count}</translation>
    </message>
    <message>
        <source>{said} → {written}</source>
        <translation>{said} → {written}</translation>
    </message>
    <message>
        <source>“{said}” written down as “{written}”: {count}</source>
        <translation>“{said}”写成“{written}”：{count} 次</translation>
    </message>
    <message>
        <source>“{said}” left out: {count}</source>
        <translation>漏掉“{said}”：{count} 次</translation>
    </message>
    <message>
        <source>“{written}” made up: {count}</source>
        <translation>多写了“{written}”：{count} 次</translation>
    </message>
    <message>
        <source>kept of them: {count}</source>
        <translation>其中保留：{count}</translation>
    </message>
</context>
<context>
    <name>ItemRow</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
</context>
<context>
    <name>ItemViews</name>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>List</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>Show as a grid of pictures</source>
        <translation>以图片网格显示</translation>
    </message>
    <message>
        <source>Show as a list that can be sorted</source>
        <translation>以可排序的列表显示</translation>
    </message>
    <message>
        <source>Items of the library</source>
        <translation>资料库中的项目</translation>
    </message>
</context>
<context>
    <name>ItemsDialog</name>
    <message>
        <source>Copy paths</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Nothing here changes your files.</source>
        <translation>这里的操作不会改动您的文件。</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Show more ({count})</source>
        <translation>显示更多（{count}）</translation>
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
        <source>Answer anew with the chosen models</source>
        <translation>用所选模型重新处理</translation>
    </message>
    <message numerus="yes">
        <source>Update %n file(s)</source>
        <translation>
            <numerusform>更新 %n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Classify {name}</source>
        <translation>分类 {name}</translation>
    </message>
    <message>
        <source>Look over {name}</source>
        <translation>检查 {name}</translation>
    </message>
    <message>
        <source>Show what training sees</source>
        <translation>查看训练所见</translation>
    </message>
    <message>
        <source>Export {name}</source>
        <translation>导出 {name}</translation>
    </message>
    <message>
        <source>Train {name}</source>
        <translation>训练 {name}</translation>
    </message>
    <message>
        <source>Find a learning rate</source>
        <translation>寻找学习率</translation>
    </message>
    <message>
        <source>Try settings for {name}</source>
        <translation>为 {name} 尝试设置</translation>
    </message>
    <message>
        <source>Let {name} play</source>
        <translation>让 {name} 玩一局</translation>
    </message>
    <message>
        <source>Back up the library</source>
        <translation>备份资料库</translation>
    </message>
    <message>
        <source>Move the library</source>
        <translation>移动资料库</translation>
    </message>
    <message>
        <source>Restore the library</source>
        <translation>恢复资料库</translation>
    </message>
    <message>
        <source>Copy the library</source>
        <translation>复制资料库</translation>
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
        <source>paused</source>
        <translation>已暂停</translation>
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
    <name>LibraryBanner</name>
    <message>
        <source>Edit here</source>
        <translation>在此编辑</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Other library …</source>
        <translation>其他资料库…</translation>
    </message>
    <message>
        <source>Restore a copy …</source>
        <translation>恢复备份…</translation>
    </message>
    <message>
        <source>The other window has closed. This one only reads the library so far.</source>
        <translation>另一个窗口已关闭。此窗口目前仍只能读取资料库。</translation>
    </message>
    <message>
        <source>The library is open in another window. This one only reads it: nothing can be changed here.</source>
        <translation>资料库已在另一个窗口中打开。此窗口只能读取，无法进行任何更改。</translation>
    </message>
</context>
<context>
    <name>LibraryFiles</name>
    <message>
        <source>Back up the library</source>
        <translation>备份资料库</translation>
    </message>
    <message>
        <source>Copy the library to a file</source>
        <translation>将资料库复制到文件</translation>
    </message>
    <message>
        <source>Move the library to a folder</source>
        <translation>将资料库移动到文件夹</translation>
    </message>
    <message>
        <source>Restore the library from a copy</source>
        <translation>从备份恢复资料库</translation>
    </message>
    <message>
        <source>Choose another library</source>
        <translation>选择其他资料库</translation>
    </message>
    <message>
        <source>Put {name} in the library&apos;s place?</source>
        <translation>用 {name} 替换当前资料库？</translation>
    </message>
    <message>
        <source>The library as it is now is kept beside it, under a name with today&apos;s date.</source>
        <translation>当前资料库会保留在原处旁边，文件名带有今天的日期。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Libraries (*.db);;All files (*)</source>
        <translation>资料库 (*.db);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>LibraryItemModel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Caption</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
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
        <source>Drop a folder to add it, or a picture to find others like it.</source>
        <translation>拖入文件夹即可添加，拖入图片可查找相似的图片。</translation>
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
        <source>Drop a folder here</source>
        <translation>把文件夹拖到这里</translation>
    </message>
    <message>
        <source>Its pictures, recordings and notes become searchable. The files are never changed.</source>
        <translation>其中的图片、录音和笔记都可以搜索。文件本身不会被改动。</translation>
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
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>LibraryPanel</name>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Back up …</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Move …</source>
        <translation>移动…</translation>
    </message>
    <message>
        <source>Restore …</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n 项</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n folder(s)</source>
        <translation>
            <numerusform>%n 个文件夹</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation>{count} MB</translation>
    </message>
    <message numerus="yes">
        <source>%n daily copy/copies kept</source>
        <translation>
            <numerusform>保留 %n 份每日备份</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancelled; nothing was changed.</source>
        <translation>已取消，未作任何更改。</translation>
    </message>
    <message>
        <source>Backed up to {path}</source>
        <translation>已备份到 {path}</translation>
    </message>
    <message>
        <source>Copied to {path}</source>
        <translation>已复制到 {path}</translation>
    </message>
    <message>
        <source>The library is now at {path}</source>
        <translation>资料库现位于 {path}</translation>
    </message>
    <message>
        <source>Restored. The former library is kept beside it as {name}.</source>
        <translation>已恢复。原资料库以 {name} 保留在旁边。</translation>
    </message>
</context>
<context>
    <name>LibraryServer</name>
    <message>
        <source>A library for several people lies on a PostgreSQL server with pgvector:</source>
        <translation>供多人使用的资料库存放在带 pgvector 的 PostgreSQL 服务器上：</translation>
    </message>
    <message>
        <source>Address of the server</source>
        <translation>服务器地址</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Use the library on this computer</source>
        <translation>使用本机上的资料库</translation>
    </message>
    <message>
        <source>Copy this computer&apos;s library there</source>
        <translation>将本机资料库复制到服务器</translation>
    </message>
    <message>
        <source>Copy to a file …</source>
        <translation>复制到文件…</translation>
    </message>
    <message>
        <source>Everybody who is connected sees the same items, and undoes their own steps. Copies of it, daily ones too, are made on the server, for example with pg_dump.</source>
        <translation>所有连接的人看到相同的内容，各自撤销自己的操作。备份（包括每日备份）在服务器上进行，例如使用 pg_dump。</translation>
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
        <source>Pausing the training; it can go on where it stops …</source>
        <translation>正在暂停训练，之后可从停下的地方继续…</translation>
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
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write the model for other programs; it is read back and compared</source>
        <translation>将模型导出给其他程序使用；导出后会重新读取并核对</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>{size:.1f} MB</source>
        <translation>{size:.1f} MB</translation>
    </message>
    <message>
        <source>Back to {name}</source>
        <translation>恢复 {name}</translation>
    </message>
    <message>
        <source>Let it answer</source>
        <translation>启用此模型</translation>
    </message>
    <message>
        <source>It learned from your corrections; the model before it is still there</source>
        <translation>它从你的更正中学习过；之前的模型仍然保留</translation>
    </message>
</context>
<context>
    <name>ModelExport</name>
    <message>
        <source>Export model: name of a new folder</source>
        <translation>导出模型：新文件夹的名称</translation>
    </message>
    <message>
        <source>Exported to {folder}, read back and compared: largest difference {difference:.1e}</source>
        <translation>已导出到 {folder}，并已重新读取核对：最大差异 {difference:.1e}</translation>
    </message>
</context>
<context>
    <name>ModelNumbers</name>
    <message>
        <source>All numbers</source>
        <translation>全部数值</translation>
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
    <name>PairRow</name>
    <message numerus="yes">
        <source>%n piece(s)</source>
        <translation>
            <numerusform>%n 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>Left out: a side has more than {count} pieces.</source>
        <translation>未使用：有一侧超过 {count} 个片段。</translation>
    </message>
</context>
<context>
    <name>PlayButton</name>
    <message>
        <source>Stop {name}</source>
        <translation>停止 {name}</translation>
    </message>
    <message>
        <source>Play {name}</source>
        <translation>播放 {name}</translation>
    </message>
</context>
<context>
    <name>PreviewPanel</name>
    <message>
        <source>Close</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Show a few of your items</source>
        <translation>看看你的几个样本</translation>
    </message>
    <message>
        <source>A moment …</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>{size} × {size} pixels</source>
        <translation>{size} × {size} 像素</translation>
    </message>
    <message>
        <source>(no word)</source>
        <translation>（无词）</translation>
    </message>
    <message>
        <source>At the left a clip as it is heard in use, time to the right, pitch upwards; beside it what is learned from: said faster or slower, by other voices, joined, in noise and masked, anew every time. Below is what is to be written.</source>
        <translation>左边是使用时听到的片段，横向为时间，纵向为音高；旁边是训练所用的：变快或变慢、换嗓音、拼接、加噪声和遮挡，每次都不同。下方是应写下的词。</translation>
    </message>
    <message>
        <source>At the left the whole picture, as it is seen in use; beside it what is learned from: cropped and coloured at random, and mirrored where that is allowed, anew in every epoch.</source>
        <translation>左侧是完整的图片，即使用时所见；右侧是学习所用：随机裁剪、变色，并在允许时左右翻转，每轮都重新变化。</translation>
    </message>
    <message>
        <source>This preset changes nothing but left and right: every other time it is mirrored.</source>
        <translation>此预设只做左右翻转：约每两次翻转一次。</translation>
    </message>
    <message>
        <source>This preset learns from the pictures as they are; nothing is changed.</source>
        <translation>此预设直接用原图学习，不作任何变化。</translation>
    </message>
    <message>
        <source>At the left the beginning as it is heard in use, time to the right, pitch upwards; beside it what is learned from: cut anywhere, louder or quieter, coloured, mixed and masked, anew every time.</source>
        <translation>左侧是录音开头，即使用时所听（横轴为时间，纵轴为音高）；右侧是学习所用：任意截取，调大或调小，改变音色，混合并遮盖，每次都重新变化。</translation>
    </message>
    <message>
        <source>In small letters, Chinese simplified, in pieces of a vocabulary of {vocabulary}; ▁ stands for a space, ? for what it does not have. Of {counted} pairs {left_out} are left out, because a side has more than {longest} pieces.</source>
        <translation>转为小写、简体中文，并切成词表（{vocabulary} 项）中的片段；▁ 表示空格，? 表示词表中没有的内容。在 {counted} 个句对中，有 {left_out} 个因一侧超过 {longest} 个片段而不用于训练。</translation>
    </message>
    <message>
        <source>What training sees</source>
        <translation>训练所见</translation>
    </message>
    <message>
        <source>Other ones</source>
        <translation>换一批</translation>
    </message>
</context>
<context>
    <name>QueryBar</name>
    <message>
        <source>like {name}  ×</source>
        <translation>类似 {name}  ×</translation>
    </message>
    <message>
        <source>Search everything in English or Chinese, -word leaves out</source>
        <translation>用英文或中文搜索全部内容，-词 表示排除</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>搜索资料库</translation>
    </message>
    <message>
        <source>Words find pictures, recordings and their texts.
“red car” in quotes: exactly these words · -word: less of this · dog^2: counts twice
kind:photo · folder:holiday · after:2024-06 · before:2025 · model:image-text · tag:beach · label:dog</source>
        <translation>输入文字即可查找图片、录音及其文字。
“红色汽车”加引号：必须含有这些字 · -词：少一些 · 狗^2：权重加倍
kind:photo · folder:holiday · after:2024-06 · before:2025 · model:image-text · tag:海滩 · label:狗叫（也可写作 类型：照片、标签：海滩 等）</translation>
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
        <source>Train</source>
        <translation>训练</translation>
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
    <name>RateCurve</name>
    <message>
        <source>Loss at growing learning rates</source>
        <translation>学习率逐渐增大时的损失</translation>
    </message>
    <message>
        <source>lowest at {rate}</source>
        <translation>最低处为 {rate}</translation>
    </message>
</context>
<context>
    <name>RateFinderPanel</name>
    <message>
        <source>There is no finder for what is learned by playing: its loss needs moves first.</source>
        <translation>通过游玩来学习的目标不能寻找学习率：先要有动作，才有损失。</translation>
    </message>
    <message>
        <source>There is no finder for this goal: its loss need not fall when it learns.</source>
        <translation>此目标不能寻找学习率：学习时损失不一定下降。</translation>
    </message>
    <message>
        <source>Tries a hundred steps with growing rates; no run is begun.</source>
        <translation>以逐渐增大的学习率试一百步，不会开始训练。</translation>
    </message>
    <message>
        <source>The loss never fell, so no rate can be proposed. Keep the usual one.</source>
        <translation>损失始终没有下降，无法建议学习率。请保留常用的值。</translation>
    </message>
    <message>
        <source>Proposed: {rate}, a tenth of {lowest}, where the loss was lowest.</source>
        <translation>建议：{rate}，即损失最低处 {lowest} 的十分之一。</translation>
    </message>
    <message>
        <source>Find a rate</source>
        <translation>寻找学习率</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use this rate</source>
        <translation>采用此学习率</translation>
    </message>
    <message>
        <source>Trying learning rates</source>
        <translation>正在尝试学习率</translation>
    </message>
</context>
<context>
    <name>ReasonTexts</name>
    <message>
        <source>it is not well-formed XML</source>
        <translation>不是格式正确的 XML</translation>
    </message>
    <message>
        <source>it is not XMP</source>
        <translation>不是 XMP</translation>
    </message>
    <message>
        <source>it has a document type, which XMP must not have</source>
        <translation>含有 XMP 不允许的文档类型声明</translation>
    </message>
    <message>
        <source>its description or subject is written in a way that could lose something</source>
        <translation>其中的描述或主题写法特殊，合并可能丢失内容</translation>
    </message>
    <message>
        <source>it is not Unicode text</source>
        <translation>不是 Unicode 文本</translation>
    </message>
    <message>
        <source>it is too large for a sidecar</source>
        <translation>对附属文件来说过大</translation>
    </message>
    <message>
        <source>several files share this name; use whole names</source>
        <translation>多个文件共用此名称；请使用完整文件名</translation>
    </message>
    <message>
        <source>its picture or recording is not in the library</source>
        <translation>对应的图片或录音不在资料库中</translation>
    </message>
    <message>
        <source>the table there has other columns</source>
        <translation>已有的表格列名不同</translation>
    </message>
    <message>
        <source>it is no table that can be read</source>
        <translation>不是可读取的表格</translation>
    </message>
    <message>
        <source>no line of it has times</source>
        <translation>没有带时间的内容</translation>
    </message>
    <message>
        <source>it is no transcript</source>
        <translation>不是文字稿</translation>
    </message>
    <message>
        <source>there is no metadata.jsonl, metadata.csv or captions.jsonl</source>
        <translation>没有 metadata.jsonl、metadata.csv 或 captions.jsonl</translation>
    </message>
    <message>
        <source>there is no .tsv or .tsv.gz file</source>
        <translation>没有 .tsv 或 .tsv.gz 文件</translation>
    </message>
    <message>
        <source>no column holds captions</source>
        <translation>没有包含描述的列</translation>
    </message>
    <message>
        <source>no table has columns en and zh, or two columns of text</source>
        <translation>没有含 en 和 zh 两列（或仅两列文本）的表格</translation>
    </message>
    <message>
        <source>there are too few pairs of sentences</source>
        <translation>句对太少</translation>
    </message>
    <message>
        <source>there are too few pictures</source>
        <translation>图片太少</translation>
    </message>
    <message>
        <source>the table cannot be read</source>
        <translation>无法读取表格</translation>
    </message>
    <message>
        <source>the table names a file outside the folder</source>
        <translation>表格引用了文件夹之外的文件</translation>
    </message>
    <message>
        <source>no picture can be read</source>
        <translation>没有可读取的图片</translation>
    </message>
    <message>
        <source>there is no labels.jsonl, metadata.jsonl or metadata.csv, and no folder of recordings for each sound</source>
        <translation>没有 labels.jsonl、metadata.jsonl 或 metadata.csv，也没有按声音分类的录音文件夹</translation>
    </message>
    <message>
        <source>no row has both a file and a label</source>
        <translation>没有同时包含文件和标签的行</translation>
    </message>
    <message>
        <source>there are too few labelled recordings</source>
        <translation>带标签的录音太少</translation>
    </message>
    <message>
        <source>there is no folder of pictures for each class, and no table with files and labels</source>
        <translation>没有按类别分开的图片文件夹，也没有含文件和标签的表格</translation>
    </message>
    <message>
        <source>all pictures are of one class; two are the least</source>
        <translation>所有图片同属一类，至少需要两类</translation>
    </message>
    <message>
        <source>no recording can be read</source>
        <translation>没有可读取的录音</translation>
    </message>
    <message>
        <source>nothing is left of it that a folder could be called</source>
        <translation>去掉不可用的字符后没有内容</translation>
    </message>
    <message>
        <source>it is too long for a folder</source>
        <translation>对文件夹来说过长</translation>
    </message>
    <message>
        <source>a folder of that name is taken for a part of the data</source>
        <translation>该名称会被当作数据的划分</translation>
    </message>
    <message>
        <source>another class has it but for capitals or the like</source>
        <translation>与另一个类别仅有大小写之类的差别</translation>
    </message>
    <message>
        <source>it is divided into folders for training and test; capture into a new one</source>
        <translation>其中已划分训练和测试文件夹；请采集到新文件夹</translation>
    </message>
    <message>
        <source>a table says what its files are; capture into a new folder</source>
        <translation>其中的表格说明了文件内容；请采集到新文件夹</translation>
    </message>
    <message>
        <source>a further folder has a role that the recipe does not know</source>
        <translation>附加文件夹的用途无法识别</translation>
    </message>
    <message>
        <source>the loss is no longer a number; try a smaller learning rate</source>
        <translation>损失不再是有效数值，请降低学习率</translation>
    </message>
    <message>
        <source>the training process ended without a word, often for want of memory; it can be resumed</source>
        <translation>训练进程意外结束（常因内存不足），可以继续训练</translation>
    </message>
    <message>
        <source>a task, a data folder and a name are needed; an agent needs no data</source>
        <translation>需要任务、数据文件夹和名称；智能体不需要数据</translation>
    </message>
    <message>
        <source>another process works on this run</source>
        <translation>另一个进程正在处理该训练</translation>
    </message>
    <message>
        <source>another process works on this search</source>
        <translation>另一个进程正在进行此搜索</translation>
    </message>
    <message>
        <source>every trial failed; a lower learning rate or other data may help</source>
        <translation>所有试验都失败了；可尝试较小的学习率或其他数据</translation>
    </message>
    <message>
        <source>a name has small letters, digits, dots and hyphens, and begins with a letter or digit</source>
        <translation>名称只能含小写字母、数字、点和连字符，并以字母或数字开头</translation>
    </message>
    <message>
        <source>PocketSphinx, which takes dictation, cannot learn; a model of spoken commands that you trained can</source>
        <translation>用于听写的 PocketSphinx 无法学习；你训练的语音命令模型可以</translation>
    </message>
    <message>
        <source>too few corrected transcripts have only letters that the model knows</source>
        <translation>只含模型认识的字母的已更正文字稿太少</translation>
    </message>
    <message>
        <source>too few corrected recordings are as short as commands, 15 s at most</source>
        <translation>像命令那样短（最多 15 秒）的已更正录音太少</translation>
    </message>
    <message>
        <source>what this learns cannot be shared out among several GPUs; choose one of them</source>
        <translation>该训练内容无法分配到多个 GPU，请选择其中一个</translation>
    </message>
    <message>
        <source>espeak-ng is not installed; it says the words</source>
        <translation>未安装 espeak-ng，无法合成语音</translation>
    </message>
    <message>
        <source>espeak-ng cannot say the words</source>
        <translation>espeak-ng 无法读出这些词</translation>
    </message>
    <message>
        <source>the checkpoint is damaged</source>
        <translation>检查点已损坏</translation>
    </message>
    <message>
        <source>the checkpoint is of another network</source>
        <translation>检查点属于另一个网络</translation>
    </message>
    <message>
        <source>it is a table of values, not a network</source>
        <translation>它是数值表，不是网络</translation>
    </message>
    <message>
        <source>the converter refuses it; the log has the details</source>
        <translation>转换器无法转换，详情见日志</translation>
    </message>
    <message>
        <source>what was written cannot be read again, so it was deleted</source>
        <translation>导出的文件无法再次读取，已删除</translation>
    </message>
    <message>
        <source>what was written does not answer like the model, so it was deleted</source>
        <translation>导出的文件与模型的回答不一致，已删除</translation>
    </message>
</context>
<context>
    <name>RecipeWords</name>
    <message>
        <source>Captions and picture search</source>
        <translation>图片描述与搜索</translation>
    </message>
    <message>
        <source>Better captions by reward</source>
        <translation>用奖励改进描述</translation>
    </message>
    <message>
        <source>Sort pictures into classes</source>
        <translation>图片分类</translation>
    </message>
    <message>
        <source>Name sounds</source>
        <translation>识别声音</translation>
    </message>
    <message>
        <source>Spoken commands</source>
        <translation>语音指令</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Play, from a table of values</source>
        <translation>玩游戏（数值表）</translation>
    </message>
    <message>
        <source>Play, from a network</source>
        <translation>玩游戏（网络）</translation>
    </message>
    <message>
        <source>Learns from captioned pictures to write captions and to find pictures by words.</source>
        <translation>从带描述的图片学习写描述、按文字找图片。</translation>
    </message>
    <message>
        <source>Rewards a finished model for captions that agree with people&apos;s, or with thumbs.</source>
        <translation>当描述与人的描述或点赞一致时奖励已有模型。</translation>
    </message>
    <message>
        <source>Learns from a folder of pictures per class which one a picture belongs to.</source>
        <translation>每类一个图片文件夹，学习图片属于哪一类。</translation>
    </message>
    <message>
        <source>Learns from a folder of recordings per class which sounds are heard, and when.</source>
        <translation>每类一个录音文件夹，学习听出是什么声音、何时出现。</translation>
    </message>
    <message>
        <source>Learns from recordings and transcripts to spell a few dozen words.</source>
        <translation>从录音和文字稿学习拼写几十个词。</translation>
    </message>
    <message>
        <source>Learns from pairs of sentences to translate between English and Chinese.</source>
        <translation>从句对学习英中互译。</translation>
    </message>
    <message>
        <source>Learns by playing, without data: a table holds the value of every action.</source>
        <translation>不需数据，边玩边学：用一张表记下每个动作的价值。</translation>
    </message>
    <message>
        <source>Learns by playing, without data: a network estimates the value of every action.</source>
        <translation>不需数据，边玩边学：用网络估计每个动作的价值。</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>小型</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Adapt a finished model</source>
        <translation>微调已有模型</translation>
    </message>
    <message>
        <source>Follow thumbs up and down</source>
        <translation>按点赞和点踩</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>数值表</translation>
    </message>
    <message>
        <source>From positions and speeds</source>
        <translation>根据位置和速度</translation>
    </message>
    <message>
        <source>From pictures of the game</source>
        <translation>根据游戏画面</translation>
    </message>
    <message>
        <source>The size that ships with the program: the better choice for thousands of items.</source>
        <translation>程序自带的大小：样本上千时更合适。</translation>
    </message>
    <message>
        <source>Learns from a few hundred items in minutes on a laptop.</source>
        <translation>在笔记本电脑上几分钟就能学会几百个样本。</translation>
    </message>
    <message>
        <source>Ready-made eyes</source>
        <translation>现成的编码器</translation>
    </message>
    <message>
        <source>Quick, with five folds</source>
        <translation>快速，五折检验</translation>
    </message>
    <message>
        <source>Tiny CNN, from scratch</source>
        <translation>小型卷积网络，从零开始</translation>
    </message>
    <message>
        <source>Residual, from scratch</source>
        <translation>残差网络，从零开始</translation>
    </message>
    <message>
        <source>By people&apos;s captions</source>
        <translation>以人写的描述为准</translation>
    </message>
    <message>
        <source>Trains six times: each fifth is judged by a network that never heard it.</source>
        <translation>训练六次：每五分之一都由没有听过它的网络来判断。</translation>
    </message>
    <message>
        <source>Only the last layer learns: seconds on any computer, best for few pictures.</source>
        <translation>只学最后一层：任何电脑上几秒钟，图片少时最佳。</translation>
    </message>
    <message>
        <source>Goes on from what is installed: slower, better where your data look unusual.</source>
        <translation>在已安装的模型上继续：较慢，但数据特殊时更好。</translation>
    </message>
    <message>
        <source>The textbook network: one layer that looks, one that decides.</source>
        <translation>教科书式的网络：一层看，一层判断。</translation>
    </message>
    <message>
        <source>Learns its own eyes; wants hundreds of pictures a class.</source>
        <translation>自己学会看；每类需要几百张图片。</translation>
    </message>
    <message>
        <source>Needs pictures with several captions each.</source>
        <translation>需要每张图片有多条描述。</translation>
    </message>
    <message>
        <source>Needs ratings of earlier captions in thumbs.jsonl.</source>
        <translation>需要 thumbs.jsonl 中对以前描述的评价。</translation>
    </message>
    <message>
        <source>For small worlds, where every place can be listed.</source>
        <translation>适合能列出所有位置的小世界。</translation>
    </message>
    <message>
        <source>The quick way: a small network that is told where everything is.</source>
        <translation>快的方式：小网络，直接得知各物位置。</translation>
    </message>
    <message>
        <source>Sees what a person sees; many times slower.</source>
        <translation>看到人所看到的画面；慢很多倍。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>耐心</translation>
    </message>
    <message>
        <source>Least progress</source>
        <translation>最小进步</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>试验数</translation>
    </message>
    <message>
        <source>Mixed sounds</source>
        <translation>混合声音</translation>
    </message>
    <message>
        <source>Joined clips</source>
        <translation>拼接片段</translation>
    </message>
    <message>
        <source>Change of speed</source>
        <translation>变速</translation>
    </message>
    <message>
        <source>Last layer</source>
        <translation>最后一层</translation>
    </message>
    <message>
        <source>Rare classes count more</source>
        <translation>少见类别加权</translation>
    </message>
    <message>
        <source>Mirror pictures</source>
        <translation>镜像图片</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>变化幅度</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>Eyes of</source>
        <translation>编码器来自</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Stay close to the start</source>
        <translation>贴近起点</translation>
    </message>
    <message>
        <source>Captions drawn a picture</source>
        <translation>每图抽取描述数</translation>
    </message>
    <message>
        <source>Writer</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>Caption pairs an epoch</source>
        <translation>每轮描述句对</translation>
    </message>
    <message>
        <source>Word pairs an epoch</source>
        <translation>每轮词对</translation>
    </message>
    <message>
        <source>Game</source>
        <translation>游戏</translation>
    </message>
    <message>
        <source>Slippery</source>
        <translation>会打滑</translation>
    </message>
    <message>
        <source>Episodes an epoch</source>
        <translation>每轮局数</translation>
    </message>
    <message>
        <source>Steps an epoch</source>
        <translation>每轮步数</translation>
    </message>
    <message>
        <source>Discount</source>
        <translation>折扣</translation>
    </message>
    <message>
        <source>Exploration at first</source>
        <translation>起初的探索</translation>
    </message>
    <message>
        <source>Exploration in the end</source>
        <translation>最后的探索</translation>
    </message>
    <message>
        <source>Time to explore</source>
        <translation>探索时间</translation>
    </message>
    <message>
        <source>Rate in the end</source>
        <translation>最后的学习率</translation>
    </message>
    <message>
        <source>Episodes of a check</source>
        <translation>检验局数</translation>
    </message>
    <message>
        <source>Double Q-learning</source>
        <translation>双重 Q 学习</translation>
    </message>
    <message>
        <source>Moves remembered</source>
        <translation>记住的步数</translation>
    </message>
    <message>
        <source>Games side by side</source>
        <translation>并行游戏数</translation>
    </message>
    <message>
        <source>Steps before learning</source>
        <translation>学习前的步数</translation>
    </message>
    <message>
        <source>Steps between updates</source>
        <translation>更新间隔步数</translation>
    </message>
    <message>
        <source>Updates between copies</source>
        <translation>复制间隔更新数</translation>
    </message>
    <message>
        <source>What the finished model is called: small letters, digits, dots and dashes.</source>
        <translation>完成后模型的名字：小写字母、数字、点和连字符。</translation>
    </message>
    <message>
        <source>Where it computes. A GPU is many times faster; every computer has a CPU. Several GPUs share each batch; pictures and sentences are then told apart within a share only.</source>
        <translation>在哪里计算。GPU 快很多倍；每台电脑都有 CPU。多个 GPU 分担每一批；图片与句子此时只在各自的份内互相区分。</translation>
    </message>
    <message>
        <source>How often every item is seen. More learns more, until validation gets no better.</source>
        <translation>每个样本看几遍。越多学得越多，直到验证不再变好。</translation>
    </message>
    <message>
        <source>How far each step goes. Too high and the loss jumps; too low and it crawls.</source>
        <translation>每步走多远。太大损失会跳动，太小则很慢。</translation>
    </message>
    <message>
        <source>Items a step. More is steadier and wants more memory.</source>
        <translation>每步的样本数。越多越稳，也越占内存。</translation>
    </message>
    <message>
        <source>Pulls weights towards zero: more of it where few items are learned by heart.</source>
        <translation>把权重拉向零：数据少、容易死记硬背时可以加大。</translation>
    </message>
    <message>
        <source>Decides every random choice: the same seed gives the same run.</source>
        <translation>决定所有随机选择：种子相同，训练相同。</translation>
    </message>
    <message>
        <source>Validations without a better score after which the run ends early; 0: never.</source>
        <translation>连续多少次验证没有更好的得分就提前结束；0 表示不提前结束。</translation>
    </message>
    <message>
        <source>By how much a score must be higher to count as better.</source>
        <translation>得分至少高出多少才算进步。</translation>
    </message>
    <message>
        <source>Share of the examples in which two sounds are heard at once.</source>
        <translation>同时听到两种声音的样本比例。</translation>
    </message>
    <message>
        <source>Share of the examples that are two clips in a row, so that sequences are learned.</source>
        <translation>由两段相接的样本比例，以便学会连续的词。</translation>
    </message>
    <message>
        <source>By how much clips run faster or slower, at most, so that other voices are understood.</source>
        <translation>片段最多加快或放慢多少，以便听懂别的嗓音。</translation>
    </message>
    <message>
        <source>Two layers tell harder classes apart, and want more pictures.</source>
        <translation>两层能分清更难的类别，但需要更多图片。</translation>
    </message>
    <message>
        <source>Helps where some classes are much smaller than others.</source>
        <translation>某些类别远小于其他类别时有用。</translation>
    </message>
    <message>
        <source>Doubles the views; wrong for letters and signs.</source>
        <translation>视角加倍；不适合文字和标志。</translation>
    </message>
    <message>
        <source>How far pictures are cropped and coloured at random, so that few teach more.</source>
        <translation>图片随机裁剪和变色的幅度，让少量图片教得更多。</translation>
    </message>
    <message>
        <source>Keeps the model from being too sure of itself.</source>
        <translation>避免模型过于自信。</translation>
    </message>
    <message>
        <source>The installed model whose eyes are used; empty for the one that ships.</source>
        <translation>使用哪个已安装模型的编码器；留空用自带的。</translation>
    </message>
    <message>
        <source>The installed model to go on from; empty for none.</source>
        <translation>从哪个已安装模型继续；留空则不用。</translation>
    </message>
    <message>
        <source>Share of the examples that are general ones, so that old skills stay.</source>
        <translation>通用样本的比例，以保住原有的本领。</translation>
    </message>
    <message>
        <source>What counts as a good caption.</source>
        <translation>什么算好描述。</translation>
    </message>
    <message>
        <source>The higher, the less the model drifts from how it wrote before.</source>
        <translation>越高，模型越不偏离原来的写法。</translation>
    </message>
    <message>
        <source>More compare better and take longer.</source>
        <translation>越多比较越准，也越慢。</translation>
    </message>
    <message>
        <source>How many rounds of episodes are played; after each one it shows how well it plays.</source>
        <translation>玩多少轮对局；每轮之后检验它玩得如何。</translation>
    </message>
    <message>
        <source>How many rounds of moves are made; after each one it shows how well it plays.</source>
        <translation>走多少轮步数；每轮之后检验它玩得如何。</translation>
    </message>
    <message>
        <source>How far a move changes the value of its action, in the beginning.</source>
        <translation>开始时每一步对动作价值的改变幅度。</translation>
    </message>
    <message>
        <source>A table learns from every move by itself: this changes nothing.</source>
        <translation>价值表逐步学习，此项不起作用。</translation>
    </message>
    <message>
        <source>Remembered moves an update. More is steadier and slower.</source>
        <translation>每次更新使用的记忆步数。越多越稳，也越慢。</translation>
    </message>
    <message>
        <source>What is played; learned from nothing but its rewards.</source>
        <translation>玩什么；只从奖励中学习。</translation>
    </message>
    <message>
        <source>Steps may slide aside: harder, and luck matters.</source>
        <translation>走路可能打滑：更难，也看运气。</translation>
    </message>
    <message>
        <source>Games between two checks.</source>
        <translation>两次检验之间的局数。</translation>
    </message>
    <message>
        <source>Moves between two checks.</source>
        <translation>两次检验之间的步数。</translation>
    </message>
    <message>
        <source>How much later rewards count beside the next one.</source>
        <translation>以后的奖励相对眼前奖励的分量。</translation>
    </message>
    <message>
        <source>Share of moves that are tried at random in the beginning.</source>
        <translation>开始时随机尝试的比例。</translation>
    </message>
    <message>
        <source>Share of moves that are tried at random in the end.</source>
        <translation>最后随机尝试的比例。</translation>
    </message>
    <message>
        <source>Share of the run over which random moves become rare.</source>
        <translation>随机尝试逐渐变少所占的训练比例。</translation>
    </message>
    <message>
        <source>Keeps values from being guessed too high.</source>
        <translation>避免把价值估得过高。</translation>
    </message>
    <message>
        <source>Games that are played after each epoch to see how good it is.</source>
        <translation>每轮之后用来检验水平的局数。</translation>
    </message>
    <message>
        <source>Moves that are kept and learned from again.</source>
        <translation>保留并反复学习的步数。</translation>
    </message>
    <message>
        <source>More games at once make each step steadier.</source>
        <translation>同时玩的局数越多，每步越稳。</translation>
    </message>
    <message>
        <source>One layer</source>
        <translation>一层</translation>
    </message>
    <message>
        <source>Two layers</source>
        <translation>两层</translation>
    </message>
    <message>
        <source>Like people&apos;s captions</source>
        <translation>像人写的描述</translation>
    </message>
    <message>
        <source>Thumbs up and down</source>
        <translation>点赞与点踩</translation>
    </message>
    <message>
        <source>Frozen lake, 4 × 4</source>
        <translation>冰湖 4 × 4</translation>
    </message>
    <message>
        <source>Frozen lake, 8 × 8</source>
        <translation>冰湖 8 × 8</translation>
    </message>
    <message>
        <source>Cliff walking</source>
        <translation>悬崖行走</translation>
    </message>
    <message>
        <source>Taxi</source>
        <translation>出租车</translation>
    </message>
    <message>
        <source>Cart and pole</source>
        <translation>小车与杆</translation>
    </message>
    <message>
        <source>Mountain car</source>
        <translation>爬坡小车</translation>
    </message>
    <message>
        <source>Acrobot</source>
        <translation>双摆</translation>
    </message>
</context>
<context>
    <name>RecordingPanel</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Loudness by time and pitch; click to play from there</source>
        <translation>各时刻各音高的响度；点击可从该处播放</translation>
    </message>
    <message>
        <source>Transcript; Enter plays from the word at the caret</source>
        <translation>文字稿；按回车从光标处的词开始播放</translation>
    </message>
    <message>
        <source>Click a word to hear it. Underlined words are doubtful.</source>
        <translation>点击词语即可收听。带下划线的词不太确定。</translation>
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
    <name>ReliabilityChart</name>
    <message>
        <source>said {said} %, right {right} %: {count}</source>
        <translation>把握 {said}%，正确 {right}%：{count} 项</translation>
    </message>
</context>
<context>
    <name>RemovalQuestion</name>
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
    <name>ReportExport</name>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>保存报告</translation>
    </message>
</context>
<context>
    <name>ReportPanel</name>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Use in app</source>
        <translation>在程序中使用</translation>
    </message>
    <message>
        <source>Let this model answer in Explore, in the library and for watched folders</source>
        <translation>让这个模型在探索、资料库和受关注的文件夹中作答</translation>
    </message>
    <message>
        <source>Back to the usual model</source>
        <translation>恢复默认模型</translation>
    </message>
    <message>
        <source>Try it in Explore</source>
        <translation>到探索页试用</translation>
    </message>
    <message>
        <source>Save report …</source>
        <translation>保存报告…</translation>
    </message>
    <message>
        <source>Export model …</source>
        <translation>导出模型…</translation>
    </message>
    <message>
        <source>Write the model for other programs; it is read back and compared</source>
        <translation>将模型导出给其他程序使用；导出后会重新读取并核对</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>This model answers its tasks in the whole program</source>
        <translation>整个程序中它的任务都由这个模型完成</translation>
    </message>
    <message>
        <source>Classes, the weakest first</source>
        <translation>各类别（最弱的在前）</translation>
    </message>
    <message>
        <source>Who is taken for whom</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>A row is what people say, a column what the model says. A cell shows its items.</source>
        <translation>行是人的标注，列是模型的判断。点击格子查看其中的样本。</translation>
    </message>
    <message>
        <source>Which words are taken for which</source>
        <translation>哪些词被写成了别的词</translation>
    </message>
    <message>
        <source>What people say, and what the model writes down, the most frequent first. A row shows its clips.</source>
        <translation>左边是实际说的，右边是模型写下的，最常见的在前。点击一行查看其中的录音。</translation>
    </message>
    <message>
        <source>How far its percentages can be believed</source>
        <translation>概率的可信程度</translation>
    </message>
    <message>
        <source>Across: how sure it was. Upwards: how often it was right. Below the line it was too sure.</source>
        <translation>横轴：模型的把握。纵轴：实际正确的比例。低于虚线表示过于自信。</translation>
    </message>
    <message>
        <source>Most surprising answers</source>
        <translation>最意外的回答</translation>
    </message>
    <message>
        <source>Those first that are least like what people say.</source>
        <translation>与人的说法最不一致的在前。</translation>
    </message>
    <message>
        <source>Wrong and sure of it first: often a wrong label, sometimes a blind spot.</source>
        <translation>错得最自信的排在前面：往往是标错了，有时是模型的盲点。</translation>
    </message>
    <message>
        <source>Measured on the validation items: nothing else was held out, or it could not be read.</source>
        <translation>在验证项上测量：没有其他留出的数据，或无法读取。</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>As a web page (HTML) …</source>
        <translation>存为网页（HTML）…</translation>
    </message>
    <message>
        <source>As PDF …</source>
        <translation>存为 PDF…</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文字</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n 个样本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n episode(s)</source>
        <translation>
            <numerusform>%n 局</numerusform>
        </translation>
    </message>
    <message>
        <source>Played anew, from starts that training never saw.</source>
        <translation>从训练中没有出现过的开局重新玩。</translation>
    </message>
    <message>
        <source>Measured on items that training never saw.</source>
        <translation>在训练从未见过的样本上测得。</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n 个文件无法使用</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReportPart</name>
    <message>
        <source>{name} answers from now on</source>
        <translation>从现在起由 {name} 作答</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
    <message>
        <source>Report copied</source>
        <translation>报告已复制</translation>
    </message>
</context>
<context>
    <name>RunPanel</name>
    <message>
        <source>There is a best once validation has run.</source>
        <translation>完成一次验证后才有最佳结果。</translation>
    </message>
    <message>
        <source>The run was cut off. It goes on where it stopped, with one continuous curve.</source>
        <translation>训练被中断。它会从停下的地方继续，曲线连续不断。</translation>
    </message>
    <message>
        <source>The memory ran out: the run goes on with a batch of {count} items.</source>
        <translation>内存不足：训练以每批 {count} 个样本继续。</translation>
    </message>
    <message>
        <source>Use these settings for a new run</source>
        <translation>用这些设置新建训练</translation>
    </message>
    <message>
        <source>Open the run&apos;s folder</source>
        <translation>打开训练文件夹</translation>
    </message>
    <message>
        <source>Remove run …</source>
        <translation>删除训练…</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>New run with a smaller rate</source>
        <translation>以较小的学习率新建训练</translation>
    </message>
    <message>
        <source>Stop, keep best</source>
        <translation>停止并保留最佳</translation>
    </message>
    <message>
        <source>Extend …</source>
        <translation>延长…</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>延长</translation>
    </message>
    <message>
        <source>Epochs to add; the run goes on from its last checkpoint:</source>
        <translation>要增加的轮数；训练从最后的检查点继续：</translation>
    </message>
    <message>
        <source>Remove the run {name}?</source>
        <translation>删除训练 {name}？</translation>
    </message>
    <message>
        <source>Its curve and checkpoints are deleted. The data and a published model stay.</source>
        <translation>它的曲线和检查点会被删除。数据和已发布的模型保留。</translation>
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
    <name>RunsColumn</name>
    <message>
        <source>+ New run</source>
        <translation>+ 新训练</translation>
    </message>
    <message>
        <source>My corrections</source>
        <translation>我的更正</translation>
    </message>
    <message>
        <source>What you set right, and models that learn from it</source>
        <translation>你更正过的内容，以及从中学习的模型</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Mark two or more runs to see their curves and numbers side by side</source>
        <translation>勾选两次或更多训练，并排查看曲线和数值</translation>
    </message>
    <message>
        <source>Mark the runs to compare.</source>
        <translation>勾选要比较的训练。</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
</context>
<context>
    <name>SampleTile</name>
    <message>
        <source>people: {words}</source>
        <translation>标注：{words}</translation>
    </message>
    <message>
        <source>before: {words}</source>
        <translation>之前：{words}</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>错误</translation>
    </message>
</context>
<context>
    <name>SamplesPanel</name>
    <message>
        <source>Right now</source>
        <translation>此刻</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样例</translation>
    </message>
    <message>
        <source>played without trying anything new</source>
        <translation>不做新尝试时的表现</translation>
    </message>
    <message>
        <source>validation items, not trained on</source>
        <translation>验证样本，未参与训练</translation>
    </message>
    <message>
        <source>Once validation has run, a few of its items are shown with what the network says.</source>
        <translation>完成一次验证后，这里会显示几个样本和网络的回答。</translation>
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
    <name>SearchEntry</name>
    <message>
        <source>Search: {name}</source>
        <translation>搜索：{name}</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Tries: {names}.</source>
        <translation>尝试：{names}。</translation>
    </message>
    <message>
        <source>Try several settings</source>
        <translation>尝试多种设置</translation>
    </message>
</context>
<context>
    <name>SelectionBar</name>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>已选 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Caption again</source>
        <translation>重新描述</translation>
    </message>
    <message>
        <source>Write new captions; your own words stay in front</source>
        <translation>写新的描述；你自己写的仍优先显示</translation>
    </message>
    <message>
        <source>Translate captions that the other language has</source>
        <translation>把另一种语言已有的描述翻译过来</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Tag …</source>
        <translation>标签…</translation>
    </message>
    <message>
        <source>Put tags on, take tags off</source>
        <translation>添加或去掉标签</translation>
    </message>
    <message>
        <source>Copy paths</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy the paths, as text and as files</source>
        <translation>复制路径（文本和文件）</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write captions, tags and transcripts to files</source>
        <translation>把描述、标签和文字稿写入文件</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Take out of the library; files are not touched; can be undone</source>
        <translation>移出资料库；不会改动文件；可以撤销</translation>
    </message>
    <message>
        <source>Select nothing</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>Select everything that is listed</source>
        <translation>选择列出的全部项目</translation>
    </message>
    <message>
        <source>To Chinese</source>
        <translation>译成中文</translation>
    </message>
    <message>
        <source>To English</source>
        <translation>译成英文</translation>
    </message>
</context>
<context>
    <name>SetRight</name>
    <message>
        <source>Another class …</source>
        <translation>其他类别…</translation>
    </message>
    <message>
        <source>Set right</source>
        <translation>更正</translation>
    </message>
    <message>
        <source>Say which class it is; models learn from it under Train, My corrections</source>
        <translation>指出正确的类别；模型可在“训练 → 我的更正”中从中学习</translation>
    </message>
    <message>
        <source>Name of the class</source>
        <translation>类别名称</translation>
    </message>
    <message>
        <source>You: {label}</source>
        <translation>你：{label}</translation>
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
        <source>Index at low priority</source>
        <translation>以低优先级索引</translation>
    </message>
    <message>
        <source>Minutes between looks through unwatched folders</source>
        <translation>每隔多少分钟查看一次无法监视的文件夹</translation>
    </message>
    <message>
        <source>Largest picture, in millions of pixels</source>
        <translation>图片大小上限（百万像素）</translation>
    </message>
    <message>
        <source>Daily copies of the library to keep (0: none)</source>
        <translation>保留的资料库每日备份数（0：不备份）</translation>
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
        <source>Explore, Library, Train, Models, Activity</source>
        <translation>探索、资料库、训练、模型、活动</translation>
    </message>
    <message>
        <source>Open files or a folder</source>
        <translation>打开文件或文件夹</translation>
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
        <source>Select everything that is loaded</source>
        <translation>选择已载入的全部项目</translation>
    </message>
    <message>
        <source>Tag the selected items</source>
        <translation>给所选项目加标签</translation>
    </message>
    <message>
        <source>Library: grid or list</source>
        <translation>资料库：网格或列表</translation>
    </message>
    <message>
        <source>Library: export what was found, import from a folder</source>
        <translation>资料库：导出找到的内容，从文件夹导入</translation>
    </message>
    <message>
        <source>Remove the card in focus, or the selected items from the library</source>
        <translation>移除当前卡片，或把所选项目移出资料库</translation>
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
    <name>SimilarStrip</name>
    <message>
        <source>Similar pictures</source>
        <translation>相似图片</translation>
    </message>
</context>
<context>
    <name>SoundTable</name>
    <message>
        <source>Sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Play from here</source>
        <translation>从这里播放</translation>
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
    <name>TagChips</name>
    <message>
        <source>Add a tag</source>
        <translation>添加标签</translation>
    </message>
    <message>
        <source>Take off the tag {name}</source>
        <translation>去掉标签“{name}”</translation>
    </message>
</context>
<context>
    <name>TagsDialog</name>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message numerus="yes">
        <source>Tags for %n item(s)</source>
        <translation>
            <numerusform>%n 个项目的标签</numerusform>
        </translation>
    </message>
    <message>
        <source>Put on</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Take off: choose from what they have</source>
        <translation>去掉：从已有标签中选择</translation>
    </message>
    <message>
        <source>Change tags</source>
        <translation>更改标签</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Take off the tag {name}</source>
        <translation>去掉标签“{name}”</translation>
    </message>
</context>
<context>
    <name>TaskRow</name>
    <message>
        <source>Improve</source>
        <translation>改进</translation>
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
        <source>plays</source>
        <translation>会玩</translation>
    </message>
    <message>
        <source>sorts pictures into classes</source>
        <translation>图片分类</translation>
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
    <name>Thumbs</name>
    <message>
        <source>Good</source>
        <translation>好</translation>
    </message>
    <message>
        <source>A good answer: models can learn from it</source>
        <translation>回答得好：模型可以从中学习</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>不好</translation>
    </message>
    <message>
        <source>A bad answer</source>
        <translation>回答得不好</translation>
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
    <name>TrainPage</name>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Drop a folder: training learns from many files.</source>
        <translation>请拖入文件夹：训练需要许多文件。</translation>
    </message>
    <message>
        <source>Choose a data folder</source>
        <translation>选择数据文件夹</translation>
    </message>
    <message>
        <source>{name} is trained</source>
        <translation>{name} 训练完成</translation>
    </message>
    <message>
        <source>The training of {name} failed</source>
        <translation>{name} 训练失败</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) at work</source>
        <translation>
            <numerusform>%n 次训练进行中</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrainingWords</name>
    <message>
        <source>GPU {number}</source>
        <translation>GPU {number}</translation>
    </message>
    <message>
        <source>All {count} GPUs</source>
        <translation>全部 {count} 个 GPU</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>All GPUs</source>
        <translation>所有 GPU</translation>
    </message>
    <message numerus="yes">
        <source>CPU · %n thread(s)</source>
        <translation>
            <numerusform>CPU · %n 个线程</numerusform>
        </translation>
    </message>
    <message>
        <source>memory {size}</source>
        <translation>内存 {size}</translation>
    </message>
    <message numerus="yes">
        <source>{busy} of %n core(s)</source>
        <translation>
            <numerusform>%n 个核心中用了 {busy} 个</numerusform>
        </translation>
    </message>
    <message>
        <source>GPU {number}: {used} of {all}</source>
        <translation>GPU {number}：{used}/{all}</translation>
    </message>
    <message>
        <source>{percent} % busy</source>
        <translation>占用 {percent}%</translation>
    </message>
    <message>
        <source>Nothing was heard of the run for {time}.</source>
        <translation>训练已有 {time} 没有消息。</translation>
    </message>
    <message>
        <source>It may be stalled; pause it.</source>
        <translation>它可能已停滞；请暂停。</translation>
    </message>
    <message>
        <source>It is still computing, so a step may just take long.</source>
        <translation>它仍在计算，也许只是这一步较久。</translation>
    </message>
    <message>
        <source>It computes nothing either, so it hangs; pause it.</source>
        <translation>它也没有在计算，应是卡住了；请暂停。</translation>
    </message>
    <message>
        <source>{heard} {meaning}</source>
        <translation>{heard}{meaning}</translation>
    </message>
    <message>
        <source>Choose what is to be learned.</source>
        <translation>请选择要学习的目标。</translation>
    </message>
    <message>
        <source>Drop a data folder first.</source>
        <translation>请先拖入数据文件夹。</translation>
    </message>
    <message>
        <source>The folder is still being looked over.</source>
        <translation>文件夹仍在检查中。</translation>
    </message>
    <message>
        <source>The data doctor found something that must be put right first; see Data.</source>
        <translation>数据医生发现必须先处理的问题，请看“数据”。</translation>
    </message>
    <message>
        <source>This goal cannot be learned from this folder.</source>
        <translation>这个文件夹不能用于这个目标。</translation>
    </message>
    <message>
        <source>The name takes small letters, digits, dots and dashes; it begins with a letter or digit.</source>
        <translation>名称只能用小写字母、数字、点和连字符，并以字母或数字开头。</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>准备中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>训练中</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>被中断</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>epoch {done} / {total}</source>
        <translation>第 {done} / {total} 轮</translation>
    </message>
    <message>
        <source>{count} ms/step</source>
        <translation>{count} 毫秒/步</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message numerus="yes">
        <source>Stopped early: no better for %n validation(s); the best was epoch {epoch}.</source>
        <translation>
            <numerusform>提前停止：连续 %n 次验证没有进步；最佳为第 {epoch} 轮。</numerusform>
        </translation>
    </message>
    <message>
        <source>epoch {epoch}</source>
        <translation>第 {epoch} 轮</translation>
    </message>
    <message>
        <source>pictures, a folder per class</source>
        <translation>图片，每类一个文件夹</translation>
    </message>
    <message>
        <source>recordings, a folder per class</source>
        <translation>录音，每类一个文件夹</translation>
    </message>
    <message>
        <source>pictures with captions</source>
        <translation>带描述的图片</translation>
    </message>
    <message>
        <source>recordings with transcripts</source>
        <translation>带文字稿的录音</translation>
    </message>
    <message>
        <source>pairs of sentences</source>
        <translation>句对</translation>
    </message>
    <message>
        <source>unknown layout</source>
        <translation>无法识别的排列</translation>
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
    <name>TrialsTable</name>
    <message>
        <source>Trial {number}</source>
        <translation>试验 {number}</translation>
    </message>
    <message>
        <source>Trial</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>How it stands</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>TuningPanel</name>
    <message>
        <source>The search was cut off. It goes on where it stopped.</source>
        <translation>搜索被中断，会从停下的地方继续。</translation>
    </message>
    <message>
        <source>Trial {numbers} failed and counts as the worst.</source>
        <translation>试验 {numbers} 失败，按最差计。</translation>
    </message>
    <message>
        <source>Remove the search {name}?</source>
        <translation>删除搜索 {name}？</translation>
    </message>
    <message>
        <source>Its table and its trials are deleted. The best run, the data and a published model stay.</source>
        <translation>其表格和试验将被删除；最佳训练、数据和已发布的模型会保留。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Show the best</source>
        <translation>查看最佳</translation>
    </message>
    <message>
        <source>Compare trials</source>
        <translation>比较试验</translation>
    </message>
    <message>
        <source>Remove losers</source>
        <translation>删除落选试验</translation>
    </message>
    <message>
        <source>Deletes the runs that are out of the race; their scores stay in the table</source>
        <translation>删除已淘汰的训练；其得分保留在表格中</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Remove search …</source>
        <translation>删除搜索…</translation>
    </message>
</context>
<context>
    <name>TuningPart</name>
    <message>
        <source>Start the search</source>
        <translation>开始搜索</translation>
    </message>
</context>
<context>
    <name>TuningWords</name>
    <message>
        <source>training, to epoch {epoch}</source>
        <translation>训练中，至第 {epoch} 轮</translation>
    </message>
    <message>
        <source>out at epoch {epoch}</source>
        <translation>第 {epoch} 轮淘汰</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>in the race</source>
        <translation>仍在竞争</translation>
    </message>
    <message>
        <source>out</source>
        <translation>已淘汰</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>默认</translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s), each trained to its end; the best one is published.</source>
        <translation>
            <numerusform>%n 个试验，各自训练到底；发布最佳的一个。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s); the better half goes on at epoch {epochs}, the best one is published.</source>
        <translation>
            <numerusform>%n 个试验；在第 {epochs} 轮留下较好的一半，最后发布最佳的一个。</numerusform>
        </translation>
    </message>
    <message>
        <source>About {count} times the work of one run.</source>
        <translation>工作量约为一次训练的 {count} 倍。</translation>
    </message>
    <message>
        <source>{done} of {total} epochs</source>
        <translation>{done}/{total} 轮</translation>
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
        <source>words read from {name}</source>
        <translation>从 {name} 导入的内容</translation>
    </message>
    <message>
        <source>class of {name}</source>
        <translation>{name} 的类别</translation>
    </message>
    <message>
        <source>rating of {name}</source>
        <translation>{name} 的评价</translation>
    </message>
    <message>
        <source>folder {name} taken out</source>
        <translation>移出文件夹 {name}</translation>
    </message>
    <message>
        <source>{name} taken out</source>
        <translation>移出 {name}</translation>
    </message>
    <message>
        <source>tags of {name}</source>
        <translation>{name} 的标签</translation>
    </message>
    <message>
        <source>new caption of {name}</source>
        <translation>{name} 的新描述</translation>
    </message>
    <message>
        <source>translated caption of {name}</source>
        <translation>{name} 的译文</translation>
    </message>
    <message numerus="yes">
        <source>{name} and %n more</source>
        <translation>
            <numerusform>{name} 等另外 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ValueMap</name>
    <message>
        <source>Row {row}, column {column}</source>
        <translation>第 {row} 行，第 {column} 列</translation>
    </message>
    <message numerus="yes">
        <source>acted here %n time(s)</source>
        <translation>
            <numerusform>在此行动过 %n 次</numerusform>
        </translation>
    </message>
    <message>
        <source>{action}: {value}</source>
        <translation>{action}：{value}</translation>
    </message>
    <message>
        <source>Value table: {rows} × {columns} squares, the best {best}</source>
        <translation>价值表：{rows} × {columns} 格，最高 {best}</translation>
    </message>
</context>
<context>
    <name>WatchWords</name>
    <message>
        <source>A network drive does not tell of changes; it is looked through regularly.</source>
        <translation>网络驱动器不通知更改，将定期查看。</translation>
    </message>
    <message>
        <source>The system can watch no more folders; this one is looked through regularly.</source>
        <translation>系统无法监视更多文件夹，将定期查看此文件夹。</translation>
    </message>
    <message>
        <source>So much changed at once that some of it was missed; the folder is looked through.</source>
        <translation>一次更改过多，遗漏了一部分，正在重新查看该文件夹。</translation>
    </message>
    <message>
        <source>Changes cannot be noticed here; the folder is looked through regularly.</source>
        <translation>无法监视此处的更改，将定期查看。</translation>
    </message>
    <message>
        <source>This folder is not there just now; its items stay until it is back.</source>
        <translation>该文件夹目前不在；其中的项目会保留到它重新出现。</translation>
    </message>
    <message>
        <source>{name}: {reason}</source>
        <translation>{name}：{reason}</translation>
    </message>
</context>
<context>
    <name>WordTable</name>
    <message>
        <source>Said</source>
        <translation>实际说的</translation>
    </message>
    <message>
        <source>Written down</source>
        <translation>写成</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>(nothing)</source>
        <translation>（无）</translation>
    </message>
</context>
</TS>
