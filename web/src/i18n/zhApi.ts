/** Chinese for what the OpenAPI document says of operations, parameters and answers. */
export const zhApi: Record<string, string> = {
  "A link to the stream of all tasks, for a browser's EventSource":
    "所有任务事件流的链接，供浏览器的 EventSource 使用",
  "A link to the stream of one task, for a browser's EventSource":
    "单个任务事件流的链接，供浏览器的 EventSource 使用",
  "A result or upload, by its signed link": "通过签名链接获取结果或上传的文件",
  "A subject": "一个主体",
  "A task and, once completed, its result": "一个任务，完成后包含结果",
  "A webhook and every attempt at it": "一个回调及其每次投递",
  "Accept tasks but hand out none; what runs goes on": "接受任务但不分派；正在运行的继续",
  "Accounts, the newest first": "账户，最新的在前",
  "Add money to an account": "为账户充值",
  "Add up the whole ledger, and compare every task with its settlement":
    "汇总整个账本，并核对每个任务的结算",
  "An account": "一个账户",
  "An account's keys, the oldest first": "账户的密钥，最早的在前",
  "An account's transactions, the newest first": "账户的交易，最新的在前",
  "Cancel a queued request": "取消排队的请求",
  "Cancel a task": "取消任务",
  "Change an account; what is omitted stays": "修改账户；未给出的保持不变",
  "Check the machine of the process that answers; takes some seconds":
    "检查响应进程所在的机器，需要几秒",
  "Create a key": "创建密钥",
  "Create a new secret; for a while webhooks carry the signatures of both":
    "创建新的签名密钥；一段时间内回调带有两个签名",
  "Create a task": "创建任务",
  "Create a task and wait for its end": "创建任务并等待其结束",
  "Create a task from a model's bare parameters": "直接用模型参数创建任务",
  "Create an account": "创建账户",
  "Delete a subject; tasks that use it are not affected": "删除主体；使用它的任务不受影响",
  "Every change of a task's status or stage, as it happens": "任务状态或阶段的每次变化，实时推送",
  "Everything that a model accepts": "模型接受的全部内容",
  "Find models": "查找模型",
  "Hand out tasks again; what is paused still is told": "重新分派任务；仍暂停的会列出",
  "Have the server fetch and measure a file": "让服务器获取并检测文件",
  "Keys of all accounts, the newest first": "所有账户的密钥，最新的在前",
  "Erase all that belongs to an account except its books, and close it for good":
    "清除账户的全部内容（账目除外），并永久关闭账户",
  "Let a worker take nothing new, end what it has, and leave":
    "让工作进程不再接受新任务，完成手上的任务后退出",
  "Metrics for Prometheus": "供 Prometheus 使用的指标",
  "Move a task that waits; nothing else of it changes": "移动排队的任务；其他不变",
  "Remove an ended task, its files and its request": "移除已结束的任务及其文件和请求",
  "Replace a key; for a while both work": "更换密钥；一段时间内两者都有效",
  "Revoke a key": "吊销密钥",
  "Send a webhook once more, at once": "立即重新发送回调",
  "Set the limits of a key": "设置密钥的限额",
  "The account's balance": "账户余额",
  "The account's balance, in the words of the API's own clients": "账户余额，采用官方客户端的格式",
  "The account's subjects, the newest first": "账户的主体，最新的在前",
  "The account's tasks, the newest first": "账户的任务，最新的在前",
  "The account's usage": "账户的用量",
  "The account's webhooks, the newest first": "账户的回调，最新的在前",
  "The contract of a model, to check requests by": "用于校验请求的模型契约",
  "The key of the request, without its secret": "请求所用的密钥，不含其内容",
  "The models of this server": "此服务器的模型",
  "The page of a model, in Markdown": "模型说明页，Markdown 格式",
  "The queue, workers, failures and webhooks at this moment": "此刻的队列、工作进程、失败和回调",
  "The quote, at the address of the API's own clients": "报价，采用官方客户端的地址",
  "The request of a task, to send it again": "任务的请求，可再次发送",
  "The result of a queued request, once it has ended": "排队请求结束后的结果",
  "The settings of the process that answers, without secrets": "响应进程的设置，不含机密",
  "The state of a queued request": "排队请求的状态",
  "The tasks that wait, in the order in which they are handed out": "排队的任务，按分派顺序",
  "The usage of all accounts, or of one": "所有账户或某个账户的用量",
  "Upload a picture or video, at the address of the API's own clients":
    "上传图片或视频，采用官方客户端的地址",
  "Upload a picture, video or sound for later requests": "上传图片、视频或音频供之后的请求使用",
  "What a request would cost and show": "请求的费用和预期画面",
  "What becomes of one task, as it happens": "单个任务的进展，实时推送",
  "What inputs and results take up; measured at most once a minute":
    "输入和结果占用的空间；每分钟最多统计一次",
  "What the models cost, before discounts": "模型的价格，未计折扣",
  "What webhooks are signed with": "回调使用的签名密钥",
  "Whether the database and the storage answer": "数据库和存储是否可用",
  "Whether the server is up": "服务器是否在运行",
  "Who did what, the newest first": "操作记录，最新的在前",
  // Parameters
  "in the path": "路径参数",
  "in the query": "查询参数",
  "in the header": "请求头",
  "a repeated request with the same key and body creates no second task":
    "相同的键和请求体重复发送时不会创建第二个任务",
  "created at this time or later": "在此时间或之后创建",
  "created before this time": "在此时间之前创建",
  "first day in UTC; 29 days before the last if omitted":
    "第一天（UTC）；省略时为最后一天之前的第 29 天",
  "how many to show": "显示多少条",
  "id of a task of any account": "任意账户的任务编号",
  "id of the key": "密钥编号",
  "id of the last event that was received": "收到的最后一个事件的编号",
  "id of the model": "模型编号",
  "id of the model, for a body that has no `model`": "模型编号，用于没有 `model` 的请求体",
  "id of the subject": "主体编号",
  "id of the worker, as the overview shows it": "工作进程编号，见概览",
  "id or external_task_id of a task": "任务的编号或 external_task_id",
  "id or external_task_id of the task": "任务的编号或 external_task_id",
  "id or name of an account": "账户的编号或名称",
  "id or name of the account": "账户的编号或名称",
  "in place of the key: of a request for a token for this stream":
    "代替密钥：由请求此事件流令牌获得",
  "last day in UTC; today if omitted": "最后一天（UTC）；省略时为今天",
  "name of an engine, or all": "引擎名称，或 all 表示全部",
  "next_cursor of the page before": "上一页的 next_cursor",
  "of tasks in progress: whether they still wait": "进行中的任务：是否仍在排队",
  "of the last event that was received; what it told is not told again":
    "收到的最后一个事件；已告知的内容不再重复",
  "seconds to wait for another status or stage": "等待状态或阶段变化的秒数",
  "some of day,model,key,account; day if omitted":
    "day、model、key、account 中的若干个；省略时为 day",
  "some of day,model,key; day if omitted": "day、model、key 中的若干个；省略时为 day",
  "such as image-to-video": "例如 image-to-video",
  "such as image-to-video, or i2v in short": "例如 image-to-video，或简写 i2v",
  "such as key.revoked": "例如 key.revoked",
  "the webhook-id that receivers see": "接收方看到的 webhook-id",
  "what it makes": "生成的内容",
  "what it takes: text, image, video or audio": "接受的内容：text、image、video 或 audio",
  "who provides it; here that is kirin": "提供方；此处为 kirin",
  "words that must all occur": "必须全部出现的词",
  "words that must all occur; without any, every model is found":
    "必须全部出现的词；不给出时列出所有模型",
  // Answers
  done: "完成",
  "events named after the status, with the task as their data": "以状态命名的事件，数据为任务",
  "events output, done and error, with the task and a cursor as their data":
    "output、done 和 error 事件，数据为任务和游标",
  "not ready; the body says what is unavailable": "未就绪；响应体说明什么不可用",
  "parameters, rules, prices and an example": "参数、规则、价格和示例",
  "sums in the order of what they are grouped by": "按分组顺序的合计",
  "the byte range asked for": "请求的字节范围",
  "the client's copy is current": "客户端的副本是最新的",
  "the file": "文件",
  "the task once it has ended; with Accept: text/event-stream its events, as followTask has them":
    "任务结束后的内容；带 Accept: text/event-stream 时为其事件，与 followTask 相同",
  "the text format": "文本格式",
  // Meanings of error codes
  "The task has not ended in the time that a request waits, and goes on: read it by its id.":
    "任务未在请求等待的时间内结束，仍在继续：请用编号查询。",
  "Something with that name or reference already exists.": "已存在相同名称或参考号的内容。",
  "The body is too large: the message states the limit.": "请求体过大：消息中说明了上限。",
  "The server's database is unavailable: try again in a moment.":
    "服务器的数据库不可用：请稍后再试。",
  "This external_task_id already names another task of the account.":
    "此 external_task_id 已用于账户的另一个任务。",
  "This Idempotency-Key was used with a different body: use a new key for a new request.":
    "此 Idempotency-Key 曾用于不同的请求体：新请求请用新的键。",
  "The account has an insufficient balance for this.": "账户余额不足。",
  "This API key lacks the scope that the call needs: use a key that has it.":
    "此 API 密钥没有所需的权限：请使用有权限的密钥。",
  "The API key is missing or invalid: send 'Authorization: Bearer YOUR_KEY'.":
    "API 密钥缺失或无效：请发送 'Authorization: Bearer YOUR_KEY'。",
  "The request has invalid parameters.": "请求的参数无效。",
  "The body is not a JSON object.": "请求体不是 JSON 对象。",
  "The account or the key has reached a limit: the message and `limit` say which, and `Retry-After` when to try again.":
    "账户或密钥已达到限额：消息和 `limit` 说明是哪一项，`Retry-After` 说明何时再试。",
  "This link is invalid or has expired: read the task again for a new one.":
    "此链接无效或已过期：请重新查询任务获取新链接。",
  "There is nothing at this URL.": "此地址没有内容。",
  "The file is not the one that If-Match or If-Unmodified-Since names.":
    "文件不是 If-Match 或 If-Unmodified-Since 所指的文件。",
  "The file does not have that range of bytes.": "文件没有此字节范围。",
  "The body did not arrive in time.": "请求体未及时到达。",
  "This result has expired or was removed together with its file: create the task again.":
    "此结果已过期或已随文件移除：请重新创建任务。",
  "The server's storage is unavailable or full: try again later.":
    "服务器的存储不可用或已满：请稍后再试。",
  "The task has already ended and cannot be cancelled.": "任务已结束，无法取消。",
  "The task does not wait: a worker has it, or it has ended.":
    "任务不在排队：已被工作进程取走，或已结束。",
  "The task has not ended and cannot be removed: cancel it first.":
    "任务尚未结束，无法移除：请先取消。",
  "The account has reached its limit of open event streams: close one, or share it.":
    "账户打开的事件流已达上限：请关闭一个，或共用。",
  "The account has reached its limit of requests that wait: create tasks, and read them.":
    "账户等待中的请求已达上限：请创建任务后再查询。",
  "The account has reached its limit of concurrent uploads: send files one after another.":
    "账户同时上传的文件已达上限：请逐个发送。",
  "There is no such account.": "没有此账户。",
  "There is no such element in this account.": "账户中没有此主体。",
  "There is no such API key in use.": "没有正在使用的此 API 密钥。",
  "There is no such model.": "没有此模型。",
  "There is no such queue.": "没有此队列。",
  "There is no such task in this account.": "账户中没有此任务。",
  "There is no such webhook in this account.": "账户中没有此回调。",
  "There is no such worker.": "没有此工作进程。",
  "The body's Content-Encoding is not supported: send JSON plain or as gzip, files plain.":
    "不支持请求体的 Content-Encoding：JSON 可不压缩或用 gzip，文件不压缩。",
  "A link to a task's video that expires when you say": "任务视频的链接，有效期由您指定",
  "A link to such a zip, for a browser's downloads": "此类压缩包的链接，供浏览器下载",
  "Eight pictures of a task's video, evenly spaced, in a grid of 4 x 2":
    "任务视频的八张等距画面，排成 4 x 2 的网格",
  "The newest frame of a task that is being rendered": "正在渲染的任务的最新一帧",
  "The picture in the middle of a task's video": "任务视频中间的一帧画面",
  "The videos of up to 100 tasks as one zip": "将最多 100 个任务的视频打包为一个 zip",
  "The zip that a link is for": "链接所指的压缩包",
  "words that all occur in the task's prompts, id or external_task_id; capitals do not count":
    "须全部出现在任务的提示词、编号或 external_task_id 中的词，不区分大小写",
  "The video is not there yet: read the task until it has completed.":
    "视频尚未生成：请读取任务直到其完成。",
  "The task has failed, so there is no video of it.": "任务已失败，因此没有视频。",
  "the archive; its Content-Length is exact": "压缩包，其 Content-Length 是准确的",
  "the frame; JSON is a task whose external id ends in /preview":
    "该帧画面；若为 JSON，则是外部编号以 /preview 结尾的任务",
  "the picture; a task, where its external id ends like that": "画面；若外部编号以此结尾，则为任务",
  "there is nothing to see yet, or not any more": "尚无画面，或已不再渲染",
  "A batch: how many of its tasks are how far": "批次：各任务的进度计数",
  "Cancel all tasks of a batch that have not ended": "取消批次中所有未结束的任务",
  "Create up to 100 tasks under one id: all of them or none":
    "在一个编号下创建最多 100 个任务：要么全部创建，要么一个也不创建",
  "The account's batches, the newest first": "账户的批次，最新的在前",
  "What a batch would cost": "批次的费用",
  "id of the batch": "批次编号",
  "id of the batch that they were made in": "任务所属批次的编号",
  "All tasks of the batch have ended.": "批次的所有任务均已结束。",
  "There is no such batch in this account.": "账户中没有此批次。",
};
