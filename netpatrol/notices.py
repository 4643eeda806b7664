"""Owns the words by which sites say that they do not show what was asked for: checks, walls, gone, failed, sold, parked.

Whoever reads a table says beside how much else such words still count: the broader a table is, the more is asked for besides.
"""

from __future__ import annotations

import re

# -- in place of any page: text.state

CHALLENGE = re.compile(
    r"(?:拖动|按住|移动|滑动|拖拽).{0,6}滑块|滑块.{0,6}(?:验证|拼图)|滑块向右.{0,6}(?:验证|解锁|继续|完成)|拖动.{0,8}验证|"
    r"(?:请|需要?|点击|先|后)[^，。\n]{0,8}完成.{0,4}验证|完成(?:安全|人机|滑块|拼图|身份|图形|短信|下方|以下|上方|点选|滑动)的?验证|"
    r"完成[^，。\n]{0,6}(?:拼图|点选|滑块)[^，。\n]{0,4}(?:继续|访问|浏览|查看)|^\W*安全验证|(?:进行|正在|完成|点击|需要?|请)[^，。\n]{0,4}安全验证|安全验证[^。\n]{0,10}(?:继续|访问|失败|超时)|"
    r"人机验证|请输入验证码|验证码.{0,8}继续|访问(?:过于|太过?|过度)频繁|(?:您|你|操作|请求|IP).{0,6}频繁|访问频繁.{0,12}(?:再试|重试|验证|限制|稍[后候]访问)|"
    r"请求过于频繁|系统检测到.{0,12}异常|访问验证"
    r"|您的访问.{0,12}(?:拦截|阻断)|请求.{0,8}(?:被拦截|不合法|攻击)|正在.{0,6}(?:检查|验证).{0,8}浏览器|"
    r"网站防火墙|浏览器安全检查|云防护.{0,8}(?:拦截|验证|检测|节点|系统)|由.{0,8}云防护|点击按钮进行验证"
    r"|checking your browser|just a moment|verify (?:you are|that you are) (?:a )?human|attention required|"
    r"enable javascript and cookies to continue|ddos protection|access denied|captcha",
    re.IGNORECASE | re.MULTILINE,
)
"""A check that somebody is human. Some of it may stand on any page: `text.state` asks for little else beside it."""
CHALLENGE_WIDGETS = (
    "nc_1_wrapper", "nc-container", "geetest", "g-recaptcha", "h-captcha", "cf-challenge", "cf-chl", "_cf_chl",
    "challenge-platform", "cf-turnstile", "tencentcaptcha", "yidun", "punish?", "x5secdata", "_waf_", "wafcookie",
    "jsl_clearance", "__jsluid", "safedog", "yunsuo", "aliyun_waf", "acw_sc__v2", "captcha", "slide-verify",
)  # fmt: skip
"""What such checks carry in their markup, in lower case."""
ASKS_FOR_SCRIPT = re.compile(
    r"(?:开启|启用|打开|支持|允许).{0,6}JavaScript|JavaScript.{0,12}(?:开启|启用|打开|禁用|支持)|enable "
    r"javascript|need to enable|without javascript",
    re.IGNORECASE,
)
"""A page that says that it shows nothing without scripts."""
_THING = "(?:商品|宝贝|店铺|内容|文章|页面|产品|网页)"
_BY = "(?:作者|发布者|发布人|发表者|卖家|商家|店家|店主|楼主|版主|站长|管理员|用户|本人|平台|系统)"
_TAKEN = rf"已经?被?{_BY}?(?:自行|主动|永久|彻底)?(?:删除|下架|移除|撤下|撤回)|已经?(?:售罄|售完|卖完|过期|到期)[，并后]{{0,2}}下架"
"""Whoever has taken it away: 已删除, 已被作者删除, 已售罄下架."""
_SOUGHT = rf"(?:找不到|没有找到|未找到)(?:该|您|你|此|相关|这个|这件)?[^第更比同类，。\n]{{0,6}}{_THING}"
"""Not 找不到第二家这样的店铺 or 找不到比这更好的产品: those praise."""
GONE = re.compile(
    rf"页面不存在(?!的)|页面没有找到|页面找不到|您访问的页面|你访问的页面|{_SOUGHT}|"
    rf"{_THING}[^，。！？\n]{{0,6}}不存在(?=\W|$|或|了|啦|请|返回|点击|您|你)|"
    rf"(?:{_THING}|帖子|主题).{{0,6}}(?:{_TAKEN}|已失效|已过期|已关闭|已停止)(?!的)"
    rf"|{_THING}[^，。！？\n]{{0,6}}已经?(?:停售|停产|停止(?:销售|生产|出售|供应))(?!的)"
    r"|(?:本|该|此|小)(?:店铺?|商城|网店)已经?(?:永久|正式)?(?:关闭|关店|停止营业|停业|歇业|注销)(?![^。\n]{0,20}(?:恢复|重新|再来|再开|开门|明[天日]|节后|营业时间))"
    r"|(?:没有|查无|无)(?:该|此|这个|这条|这件)(?:记录|商品|宝贝|产品|信息|文章|内容|页面)(?=\W|$|了|啦)"
    r"|(?:该|此|当前|这条)的?(?:记录|信息|数据)[^，。！？\n]{0,6}(?:不存在|已被?删除)(?!的)"
    r"|current record has been deleted"
    r"|已下架(?!的)|店铺已关闭|店铺已打烊|网站已关闭|站点不存在|404 not found|404错误|error 404|page not found|not "
    r"found|该页无法显示",
    re.IGNORECASE,
)
"""A thing that is not there, and nothing more: 不存在质量问题 says that none is wrong.

What is said of a whole domain or its account (出售, 欠费, 暂停) is not said of a page: `PARKED`, `PUTS_OFF`.
"""
_KEPT = (
    "权限|无权|登[录陆]|密码|口令|审核|公开|私密|隐藏|可见|屏蔽|冻结|维护|所在.{0,4}(?:地区|区域|城市)|仅限|会员|"
    "(?:网络|系统|服务器?|数据).{0,4}(?:异常|繁忙|错误|故障|超时)"
)
_NONE = "不存在|找不到|没有找到|未找到|删除|下架|失效|过期|关闭"
OR_KEPT = re.compile(
    r"(?:没有|无|不具备?|缺少)[^，。！？\n]{0,10}权限|权限(?:不足|不够)|是否有[^，。！？\n]{0,6}权限|无权(?:访问|查看|浏览|阅读|打开)|"
    r"(?:请先|须先|需先|先要|需要?|必须|重新)登[录陆]|登[录陆]后(?:再|才能?|方可|可以?|即可)?(?:查看|浏览|访问)|"
    rf"(?:{_NONE})[^。！？\n]{{0,12}}(?:或|要么|可能|也许)[^，,。！!？?\n]{{0,16}}?(?:{_KEPT})|"
    rf"(?:{_KEPT})[^，,。！!？?\n]{{0,12}}[，,]?(?:或|要么)[^，,。！!？?\n]{{0,12}}(?:{_NONE})"
)
"""Whoever says that a thing is not there, or that a visitor may not see it, has not said that it is gone."""
NO_RECORD = re.compile(r"(?:BOF|EOF) ?(?:或|or) ?(?:EOF|BOF)|当前的?记录已被?删除|current record has been deleted", re.IGNORECASE)
"""What ASP says, with a status of 500, where the thing that an address names is not in its database any more."""
GONE_TITLE = re.compile(
    r"^\W*404(?=\W*$|\W*(?:not|error|错误|页面|提示|找不到|您|抱歉|出错)|\s*[\-_|:：–—])|(?<!\d)404\W{0,3}(?:not|error|错误|页面)|"
    rf"(?:error|错误|http|状态码?)\W{{0,3}}404|not found|页面不存在(?!的)|{_THING}[^，。]{{0,6}}找不到|"
    rf"{_SOUGHT}|^\W*找不到(?:了|啦)?(?=\W*$|\s*[\-_|:：–—])|"
    r"已下架(?!的)|店铺已关闭",
    re.IGNORECASE,
)
"""The title of a page that is not there."""
OTHERS_ARE = re.compile(r"(?:其他|其它|其余|部分|旧款|老款|同款|该系列|上一款|有些|个别)[^，。！？\n]{0,6}$")
"""Before words that something is gone: other goods are."""
FAILED = re.compile(
    r"(?:网络|系统|服务器?|数据|接口|加载|请求|页面).{0,4}(?:异常|错误|繁忙|忙碌|失败|超时|出错|开小差|不给力|走丢|断开)|"
    r"稍[后候](?:再试|重试|刷新)|(?:检查|连接).{0,4}网络|(?:重新加载|点击(?:重试|刷新)|下拉刷新)|正在加载|加载中",
)
"""What a script says where it could not have its data."""

# -- of addresses that may lead nowhere: spiders._lost, spiders._doubts, spiders._walls

MAY_BE_GONE_WORDS = ("不存在", "找不到", "没有找到", "未找到", "已下架", "已删除", "Not Found", "not found")
"""One of them stands wherever `MAY_BE_GONE` is found: looked for first, as that is faster."""
MAY_BE_GONE = re.compile(
    r"(?:页面|网页|商品|宝贝|产品|内容|文章|店铺|地址|链接).{0,8}(?:不存在|找不到|没有找到|未找到|已下架|已删除|被删除)"
    r"|(?:找不到|没有找到|未找到).{0,10}(?:页面|网页|商品|产品|内容|文章)|not found",
    re.IGNORECASE,
)
"""Words among much else that make a page suspect of being none; the site's answer to an impossible address decides."""
NOTHING_THERE = re.compile(
    r"暂无|暂时没有|没有(?:找到|任何|相关|更多|符合)|未找到|找不到|不存在|已下架|已停售|已删除|被删除|已失效|审核中|未审核|未通过审核|"
    r"系统(?:繁忙|忙|错误|维护)|服务器(?:繁忙|忙|错误)|维护中|稍[后候]再?[试访]|请(?:先)?登录|提示信息|出错了|访问(?:过于)?频繁|验证码|"
    r"not found|error",
    re.IGNORECASE,
)
"""What makes a page no proof that two addresses say the same: lists without goods, errors, walls say it everywhere."""

# -- for now, or not for everybody: store.likeness, spiders._walls

_NOTICE = (
    r"输入.{0,4}密码|系统维护|正在维护|维护中|升级中|系统繁忙|服务器.{0,6}(?:繁忙|错误|异常)|出错了|fatal error|too many connections|"
    r"数据库.{0,6}(?:错误|连接)|稍[后候]再[试来]|加载中|正在加载|微信(?:客户端)?(?:中|里)?打开|无权(?:访问|查看)|没有权限|所在.{0,4}地区|"
    r"暂时(?:无法|不能)(?:访问|显示|查看|浏览|打开)|会员.{0,6}可见|没有(?:查看|浏览|访问).{0,10}权限|输入.{0,4}口令|"
    r"(?:访问|排队|在线|同时).{0,6}人数(?:过多|太多|较多|超限|已满)|(?:您|你|用户)?正在排队|排队.{0,6}(?:等候|等待)|(?:过于|太|异常)火爆|"
    r"(?:仅限|年满|未满|禁止).{0,6}(?:18|十八)周?岁.{0,6}(?:人士|用户|公民)?.{0,4}(?:浏览|访问|查看|进入)"
)
PUTS_OFF = re.compile(
    r"(?:仅|只)(?:对|限|供|向).{0,8}(?:会员|用户|粉丝).{0,6}(?:展示|可见|查看|浏览|开放)|所在.{0,4}(?:用户组|区域|城市)|无法(?:浏览|查看)(?:该|此|本)?(?:内容|页面|商品)|"
    r"(?:仅|只)(?:对|限|供|向).{0,8}(?:人员|人士|员工|经销商|代理商|客户).{0,4}(?:查阅|查看|浏览|访问|使用|开放)|"
    r"小程序(?:中|里|内)?(?:查看|浏览|打开|访问)|抢修|"
    r"(?:本站|网站|网店|本店|小店|店铺|商城|网页)[^，。\n]{0,4}(?:迁[至到往]|搬[至到往家迁]|迁移[至到]?)[^。\n]{0,30}(?:新站|新网址|新域名|新店|微信|公众号|https?:|www\.|\.(?:com|cn))|"
    r"关注.{0,6}公众号.{0,4}(?:查看|浏览|访问)|扫(?:码|一扫|描).{0,8}(?:浏览|查看|打开|访问)|(?:下载|打开).{0,6}app.{0,6}(?:查看|浏览|打开|访问)|"
    r"浏览器.{0,6}(?:过低|过旧|较旧|太旧|不兼容|不支持)|(?:升级|更新|更换).{0,6}浏览器|(?:不支持|启用|开启).{0,4}javascript|广告.{0,2}(?:拦截|屏蔽)|"
    r"授权(?:错误|失败|过期|已到期)|域名.{0,4}未(?:经)?授权|模[板版](?:文件)?不存在|sql.{0,8}(?:错误|出错|失败|error)|执行(?:错误|出错)|"
    r"(?:站点|网站|域名|主机|空间).{0,12}(?:停止|暂停|停用|关停|欠费|未备案|未经备案|拦截)|(?:站点|网站|主机|空间|账[号户]).{0,6}(?:到期|过期|续费)|account.{0,12}suspended|流量.{0,8}(?:超限|超额|超出|用完|用尽|耗尽)|欠费|"
    r"休息中|打烊|(?:暂停|停止)营业|放假|(?:整理|更新|建设|改版|装修)中|(?:即将|稍[后候]|尚未)上线|敬请期待",
    re.IGNORECASE,
)
"""What a page says that shows nothing for now, or not to everybody; a page that sells may say it beside its goods."""
RECOMMENDS = re.compile(
    r"^\W*(?:(?:热销|热卖|热门|相关|精品|精选|同类|店铺|店长|掌柜|新品|人气|为[您你]|本店|更多|其他|其它)(?:商品|产品|宝贝)?(?:推荐|热卖|热销|排行)|"
    r"(?:相关|热销|热门|热卖|同类|推荐|其他|其它)(?:商品|产品|宝贝)|猜[您你]喜欢|看了又看|[您你]可能(?:还|也)?喜欢|(?:浏览|购买)(?:过|了)?[^。\n]{0,10}(?:还|也|又)(?:看|买|浏览|购买)|销量排行|"
    r"最近浏览|浏览记录|推荐(?:商品|产品)?\s*$)"
)
"""What stands above other goods, beside whatever a page is about."""
SEE_PICTURES = re.compile(
    r"(?:详|请|参|看|具体|详情|细节|内容|介绍|说明|参数|功效)见[^，,。.\n]{0,6}图|(?<![意常可罕偏想])见(?:[上下附大原实长右左]|以下)?(?:方|面)?图(?![书集案])|"
    r"如[上下右左]?图(?!书)|(?<!查)[看阅][上下大长原附]?(?:方|面)?图(?!书)|[参查][看阅考](?:[上下](?:方|面)?的?|大|详情|图)图?片|[参查][看阅考][上下][方面]?图|"
    r"图文(?:详情|介绍|说明|描述)|图片?(?:详情|介绍|说明|所示)|以(?:图片?|[上下]图)为准|在(?:下|上)?图(?:里|中|片)|点图|长图|海报|详情图"
)
"""What a page says whose text stands in its pictures; many a page says it beside a text of its own."""
SOLD_OUT = re.compile(r"售完|售罄|卖完|卖光|下架|停售|停产|缺货|无货")
"""A page that says so has lost its offer because the goods are gone."""
WALL = re.compile(
    rf"{_NOTICE}|请.{{0,4}}登[录陆]|登[录陆]后|(?:年满|未满|超过).{{0,3}}(?:18|十八)周?岁[\s\S]{{0,40}}(?:进入|离开)", re.IGNORECASE
)
"""A login form, a notice or an error, where little else is said."""
WALL_TITLE = re.compile(rf"{_NOTICE}|登[录陆]|log ?in\b|sign ?in\b", re.IGNORECASE)
"""The title of one."""
_HELLO = r"(?:您好|你好|亲|hi|欢迎(?:光临|来到|访问|您)?[^\n]{0,15}?)"
_BESIDE_IT = "购物车|我的订单|订单查询|收藏(?:本站|夹)?|会员中心|客服|帮助(?:中心)?|手机版|首页|忘记密码"
_OWN_THINGS = "订单|物流|购物车|收藏夹?|积分|优惠券|个人(?:中心|资料|信息)|会员中心|评论|评价|留言|回复"
LOGIN_ASIDE = re.compile(
    rf"^[\W_]{{0,4}}{_HELLO}?[\W_]{{0,4}}请[\W_]{{0,2}}登[录陆][\W_]{{0,4}}或?[\W_]{{0,4}}(?:免费|立即|快速|新用户)?注册"
    rf"(?:[\W_]{{1,4}}(?:{_BESIDE_IT}))*[\W_\d]{{0,6}}$|"
    rf"(?:如需|如要|若要|需要|想要)?登[录陆]后?(?:即?可以?|才能|方可|再)?(?:查看|查询|管理|跟踪|发表|参与|使用|提交)?(?:您的|我的)?(?:{_OWN_THINGS})"
    rf"(?:[^，,。\n]{{0,4}}请先?登[录陆])?|"
    rf"(?:查看|查询|管理|跟踪|发表|参与|使用|提交)(?:您的|我的)?(?:{_OWN_THINGS})[^，,。\n]{{0,4}}请先?登[录陆]后?",
    re.IGNORECASE | re.MULTILINE,
)
"""What asks to log in, and keeps nobody from reading: the bar at the top of a shop, the way to one's own orders and comments."""
SAYS_THAT_IT_FAILED = re.compile(r"出错[了啦]?|错误(?:提示|信息)?")
"""Of a page that says that a thing is not there, these are no more than its heading."""
SENDS_ON = re.compile(
    r"提示(?:信息)?|温馨提示|友情提示|系统提示|参数错误|非法参数|(?:如果)?(?:您|你)?的?浏览器(?:没有|不能|未能?|不会)?(?:自动)?(?:跳转|返回)|请?点击(?:这里|此处)?|"
    r"页面|自动|即将|正在|马上|立即|(?:跳转|转向|返回|回到|进入)(?:到|至|中)?|网站|首页|主页|上一页|请?稍[后候等]|秒[钟后]?[钟后]?|如果没有|loading|redirecting",
    re.IGNORECASE,
)
"""What a page says that does nothing but send its visitors on; whatever else it says is why."""

# -- of hosts: spiders._moves, spiders._parked

NO_NAME = re.compile(
    r"(?:网站|网店|店铺|商城)?(?:首页|主页)|(?:温馨|友情|系统)?提示(?:信息)?|(?:全部|所有|热销|推荐)?(?:商品|产品|宝贝)(?:列表|中心|展示|分类|详情)?|(?:关于|联系)我们|"
    r"(?:公司|企业|店铺)(?:简介|介绍|概况)|(?:新闻|资讯|文章|帮助|会员|用户|产品|商品)(?:中心|列表|动态)?|购物车|登[录陆]|注册|欢迎(?:光临|访问)?|官网|官方网站|"
    r"(?:在线)?商城|网店|店铺|留言(?:板|反馈)?|公告|home|index|welcome|untitled|无标题(?:文档|页)?|新建网页\s?\d*",
    re.IGNORECASE,
)
"""Titles that any site may have: they tell nobody's shop."""

PARKED = re.compile(
    r"(?:该|此|本|这个|您访问的)?域名.{0,12}(?:出售|转让|求购|待售|可购买|停放|已过期|已到期|未续费|未绑定|尚未绑定|未备案|被暂停)"
    r"|(?:出售|转让|购买|竞拍|收购).{0,4}(?:此|该|本|这个)域名|域名停靠|域名交易平台"
    r"|(?:网站|站点|主机|空间).{0,6}(?:尚未开通|未开通)|没有找到站点|站点创建成功|未找到绑定的网站"
    r"|domain (?:name )?(?:is |may be |has )?(?:for sale|parked|expired)|buy this domain|this domain is available|parked free"
    r"|welcome to nginx|apache2? .{0,20}default page|iis windows server",
    re.IGNORECASE,
)
"""A domain that nobody's shop is at any more."""
FOR_NOW = re.compile(
    r"流量.{0,8}(?:超限|超额|超出|用完|用尽|耗尽)|(?:下月|稍[后候]|届时).{0,4}恢复|欠费|"
    r"(?:网站|站点|主机|空间|账[号户]).{0,6}(?:到期|过期|未续费|暂停)|account has been suspended",
    re.IGNORECASE,
)
"""A site that is switched off until it is paid for or the month is over is still somebody's; not one whose domain ran out."""
PARKING_SERVICE = re.compile(
    r"sedoparking|parkingcrew|bodis\.com|afternic|hugedomains|\bdan\.com|undeveloped\.com|above\.com/|cashparking|parklogic"
    r"|mi\.aliyun\.com|\bename\.(?:com|cn|net)|\b22\.cn/|juming\.com|\b4\.cn/|dopa\.com|chinaz\.com/domain",
    re.IGNORECASE,
)
"""Whose markup carries this is parked, if it also talks of domains (`SELLS_DOMAIN`)."""
SELLS_DOMAIN = re.compile(r"domain|域名|\bsale\b", re.IGNORECASE)
