"""The engine on sentences: what is a violation, what is let pass by which clause, what is no claim at all."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet, snippet
from netpatrol.items import Fact, PageFacts, PageText, PartKind, Severity, Verdict, Zone, ZoneName
from netpatrol.text.html import parse_document
from netpatrol.text.normalise import normalise
from netpatrol.text.read import read_document

ON = date(2026, 6, 30)

EVASIONS = {
    "separator": "最~顺手的细嘴壶",
    "brackets": "国【家】级品质",
    "blank": "只做最 佳的鱼糕",
    "zero_width": "行业第\u200b一的净水",
    "soft_hyphen": "最\u00ad佳口感的茶",
    "emoji": "顶🔥级小龙虾",
    "emoji_modifier": "第☝🏽一名的烘焙坊",
    "squared_ideograph": "本品包🈶效",
    "full_width": "ＴＯＰ１热卖香薰",
    "greek_and_cyrillic": "全网NΟ.1的窗帘杆，口碑ТОР1",
    "traditional": "最頂級的絲瓜絡",
    "pinyin": "zui好用的拖把",
    "pinyin_tones": "dǐng级毛尖",
    "pinyin_throughout": "wen zhuan的项目",
    "pinyin_beside_a_look_alike": "本店蕞jia的蜂蜜", "pinyin_beside_a_look_alike_apart": "本店蕞.jia的蜂蜜",
    "pinyin_and_a_digit": "口碑di·1的充电宝",
    "digits_between_marks": "独-1-无-2的打包手法",
    "look_alike": "笫一名的卤鹅店",
    "sound_alike": "蕞新鲜的鸡蛋",
    "sound_alike_inside": "喝它降写脂",
    "taken_apart": "痛风茶，氵台疒了红肿",
    "letter": "国J级食材",
    "digit_for_letter": "N0.1销量衣架",
    "numeral": "全国销量第①",
    "every_character": "全·国·销·量·第·一",
    "full_stops": "全。国。销。量。第。一",
    "one_full_stop": "高山极。品毛尖",
    "look_alike_in_a_run": "土 豆 蕞 好 吃",
    "first_letter": "面试b过，签约",
    "initials": "gj级手艺",
    "number_in_a_disc": "第❶品牌的床垫",
    "line_break": "最\n佳羊汤底料",
    "mixed": "蕞·佳口感的冰酒酿",
}


@pytest.mark.parametrize("text", EVASIONS.values(), ids=EVASIONS.keys())
def test_evasive_writing_is_found_and_quoted_as_written(engine: Engine, text: str) -> None:
    found = [f for f in judge_snippet(engine, text, on=ON) if f.verdict is Verdict.VIOLATION]
    assert found
    assert all(text[f.start : f.end] == f.quote for f in found)


INNOCENT = {
    "sequence": "第一步：将滤芯浸泡十五分钟",
    "place": "宜昌市第一人民医院东门自提柜",
    "time": "最近更新：发货时间调整",
    "limit": "每个账号最多可领取三张优惠券",
    "parameter": "桌腿最大承重120公斤",
    "fibre": "男士衬衫 100%棉",
    "unique_code": "每件商品贴有唯一防伪码",
    "healing_art": "治愈系手绘明信片",
    "navigation": "综合 销量 第一页 最新",
    "sorting": "价格从最低到最高",
    "approval_number": "国药准字Z42020000 订单号：3323313323",
    "model_number": "货号：NO.10234 B7714920055",
    "latin_word": "license steel bestie",
    "neutral": "可靠 绝对路径 太极拳 自治县 积极 首页 首付",
    "list_of_diseases_as_warning": "孕妇、糖尿病患者请咨询医生后食用",
    "drunk_not_best": "喝醉好难受，请勿劝酒",
    "mouth_not_best": "这张嘴好吃懒做",
    "brothers": "兄弟一起来搬砖",
    "list_not_split_word": "关注痛、风、湿三个字",
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT.keys())
def test_innocent_text_is_no_violation(engine: Engine, text: str) -> None:
    found = judge_snippet(engine, text, on=ON)
    assert [f.quote for f in found if f.verdict is Verdict.VIOLATION] == []


CLAUSES = {
    "G4": ("本网站为某某公司唯一官方网站", PartKind.FOOTER, ""),
    "G5.1": ("我们用最真诚的态度对待每一单", PartKind.ABOUT, ""),
    "G5.2": ("努力做本地最好的社区超市", PartKind.ABOUT, ""),
    "G5.3": ("致敬最美逆行者", PartKind.BANNER, ""),
    "G6.1": ("我们家卖得最好的就是这款酱板鸭", PartKind.DETAIL, ""),
    "G6.2": ("最佳赏味期为出炉后两小时", PartKind.DETAIL, ""),
    "G6.3": ("本品为特级，执行标准 GB/T 18862", PartKind.DETAIL, ""),
    "G6.4": ("“最爱”牌保温杯（注册商标）", PartKind.PRODUCT_TITLE, ""),
    "G6.5": ("国家级非遗项目代表性传承人坐镇", PartKind.ABOUT, ""),
    "G6.6": ("1985年创办，是全县第一家民营豆腐厂", PartKind.ABOUT, ""),
    "HF-REG": ("国食健注G20200123 保健功能：辅助降血脂", PartKind.DETAIL, "health_food"),
    "DRUG-REG": ("功能主治：清热解毒，国药准字Z42021234", PartKind.DETAIL, "drug"),
    "DEV-REG": ("鄂械注准20222090123 适用范围：用于缓解颈肩部疼痛", PartKind.DETAIL, "medical_device"),
    "COS-REG": ("国妆特字G20250066，防晒指数SPF30", PartKind.DETAIL, "cosmetics"),
    "MED-KP": ("健康科普：湿疹患者请在医生指导下用药", PartKind.NEWS, ""),
    "MED-INFO": ("我院新设疼痛科门诊，治疗项目见公示栏", PartKind.NEWS, "medical_service"),
    "NEG": ("我们不是最便宜的", PartKind.DETAIL, ""),
    "LAW": ("《广告法》规定，广告不得使用“国家级”等用语", PartKind.NEWS, ""),
    "UGC": ("这是我买过最好的锅", PartKind.REVIEW, ""),
    "NEWS": ("全国首个碳中和示范区在我市揭牌", PartKind.NEWS, ""),
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_what_is_let_pass_names_its_clause(engine: Engine, clause: str) -> None:
    text, kind, goods = CLAUSES[clause]
    found = judge_snippet(engine, text, on=ON, kind=kind, goods=goods)
    assert clause in {f.exemption for f in found}
    assert all(f.verdict is Verdict.EXEMPT for f in found)
    assert any("放行" in reason for f in found for reason in f.reasons)


def test_a_chosen_review_is_the_traders_own_claim(engine: Engine) -> None:
    said = "喝了两盒，我妈的关节炎彻底好了"
    assert not [f for f in judge_snippet(engine, said, on=ON, kind=PartKind.REVIEW) if f.verdict is Verdict.VIOLATION]
    chosen = judge_snippet(engine, f"【商家精选好评】{said}", on=ON, kind=PartKind.REVIEW)
    assert [f for f in chosen if f.verdict is Verdict.VIOLATION]


REPLIES = {
    "in the sentence": ("<p>商家回复：我们的茶全国第一</p>", True),
    "behind a greeting": ("<p>管理员回复：谢谢支持。我们的茶全国第一，放心喝</p>", True),
    "below its label": ("<dl><dt>【掌柜回复】</dt><dd>我们的茶全国第一</dd></dl>", True),
    "below a name with its role": ("<p><b>青峡（店主）</b></p><p>我们的茶全国第一</p>", True),
    "of a buyer": ("<p>茶友：这茶全国第一。</p><p>商家回复：过奖了</p>", False),
    "of a buyer, who names a reply": ("<p>商家回复很快，茶也全国第一</p>", False),
    "behind the reviews": ("</div><div>我们的茶全国第一", True),
}


@pytest.mark.parametrize(("markup", "judged"), REPLIES.values(), ids=REPLIES)
def test_what_a_trader_replies_among_reviews_is_the_traders(engine: Engine, markup: str, judged: bool) -> None:
    html = f"<h1>青峡茶</h1><p>每斤88元</p><div><h3>用户评论</h3><p>茶友：包装好</p>{markup}</div>"
    document = parse_document(html.encode(), "text/html; charset=utf-8", "http://t.example/g1.html")
    found = engine.judge(read_document(document), PageFacts(), on=ON).findings
    assert bool([f for f in found if f.verdict is Verdict.VIOLATION]) is judged


def test_the_same_word_is_lawful_on_a_registered_drug_and_not_on_tea(engine: Engine) -> None:
    text = "用于风寒感冒，国药准字Z20098321"
    drug = judge_snippet(engine, text, on=ON, goods="drug")
    assert {f.verdict for f in drug} == {Verdict.EXEMPT}
    tea = judge_snippet(engine, "这款茶治风寒感冒", on=ON, goods="ordinary_food")
    assert {f.family for f in tea if f.verdict is Verdict.VIOLATION} == {"medical"}


def test_an_approval_number_frees_no_cure_rate(engine: Engine) -> None:
    found = judge_snippet(engine, "国药准字Z20098321，治愈率98%", on=ON, goods="drug")
    assert any(f.rule_id == "medical_ad.cure_rate" and f.verdict is Verdict.VIOLATION for f in found)


def test_law_as_of_the_day(engine: Engine) -> None:
    text = "五星好评返现5元"
    before = judge_snippet(engine, text, on=date(2025, 10, 14))[0]
    after = judge_snippet(engine, text, on=date(2025, 10, 15))[0]
    assert {c.article for c in before.basis} & {"第八条"}
    assert {c.article for c in after.basis} & {"第九条、第二十五条"}
    assert judge_snippet(engine, text, on=date(2015, 8, 31)) == ()


def test_an_exemption_needs_its_basis_in_force(engine: Engine) -> None:
    text = "最佳赏味期为出炉后两小时"
    assert judge_snippet(engine, text, on=date(2023, 2, 24))[0].verdict is Verdict.VIOLATION
    assert judge_snippet(engine, text, on=date(2023, 2, 25))[0].exemption == "G6.2"


def test_the_names_of_the_page_are_no_claims(engine: Engine) -> None:
    text = snippet("欢迎光临极品无双食品有限公司旗舰店")
    name = Fact(name="name", value="极品无双食品有限公司", raw="极品无双食品有限公司")
    found = engine.judge(text, PageFacts(facts=(name,)), on=ON).findings
    assert [f for f in found if f.verdict is Verdict.VIOLATION] == []


def test_a_sentence_that_was_read_as_a_name_is_looked_at(engine: Engine) -> None:
    said = "原武警总院肝病专家团队每周六在本门诊部"
    name = Fact(name="name", value=said, raw=said)
    found = engine.judge(snippet(f"{said}坐诊，电话预约"), PageFacts(facts=(name,)), on=ON).findings
    assert {finding.family for finding in found if finding.verdict is Verdict.VIOLATION} == {"medical_ad"}


def test_addresses_are_masked(engine: Engine) -> None:
    found = judge_snippet(engine, "详见 https://www.top1.example/no1/最好的 和 best@top1.example", on=ON)
    assert [f for f in found if f.verdict is Verdict.VIOLATION and "top1" in f.quote.lower()] == []


def _two_zones(first: str, second: str) -> PageText:
    raw = f"{first}\n{second}"
    form = normalise(raw)
    zones = (
        Zone(name=ZoneName.TEXT, start=0, end=len(first)),
        Zone(name=ZoneName.ALT, start=len(first) + 1, end=len(raw)),
    )
    return PageText(raw=raw, zones=zones, norm=form.text, origin=form.origin, kind=PartKind.DETAIL)


def test_a_claim_never_spans_two_zones(engine: Engine) -> None:
    assert engine.judge(_two_zones("欢迎来到世界", "级联菜单"), PageFacts(), on=ON).findings == ()
    assert engine.judge(_two_zones("最", "佳的茶"), PageFacts(), on=ON).findings == ()


def test_a_finding_says_where_it_hides(engine: Engine) -> None:
    found = engine.judge(_two_zones("欢迎光临", "全国第一的茶"), PageFacts(), on=ON).findings
    assert [f.zone for f in found] == [ZoneName.ALT]
    assert any("源代码" in reason for reason in found[0].reasons)


def test_offsets_hold_for_overlapping_hits(engine: Engine) -> None:
    text = "全国销量第一名牌，国家级最高级专家，最最佳"
    found = judge_snippet(engine, text, on=ON)
    assert len([f for f in found if f.verdict is Verdict.VIOLATION]) >= 3
    assert all(text[f.start : f.end] == f.quote for f in found)


def test_a_demoted_rule_only_asks_for_a_person(engine: Engine) -> None:
    low = Engine(engine.packs, demoted=frozenset({"absolute.level.top"}))
    finding = judge_snippet(low, "顶级牛油", on=ON)[0]
    assert finding.verdict is Verdict.REVIEW
    assert any("准确率" in reason for reason in finding.reasons)


def test_a_trial_pack_opens_no_lead(engine: Engine) -> None:
    packs = replace(
        engine.packs,
        packs=tuple(
            replace(pack, rules=tuple(replace(rule, status="trial") for rule in pack.rules))
            for pack in engine.packs.packs
        ),
    )
    assert judge_snippet(Engine(packs), "顶级牛油", on=ON)[0].verdict is Verdict.REVIEW


@pytest.mark.parametrize("severity", list(Severity))
def test_a_rule_on_trial_never_takes_the_place_of_one_in_force(engine: Engine, severity: Severity) -> None:
    pack = next(pack for pack in engine.packs.packs if pack.name == "absolute")
    rule = next(rule for rule in pack.rules if rule.id == "absolute.level.top")
    copy = replace(rule, id="absolute.level.copy", status="trial", severity=severity, yields=False)
    for rules in ((copy, *pack.rules), (*pack.rules, copy)):
        packs = tuple(replace(each, rules=rules) if each is pack else each for each in engine.packs.packs)
        found = judge_snippet(Engine(replace(engine.packs, packs=packs)), "顶级牛油", on=ON)
        assert [(f.rule_id, f.verdict) for f in found] == [("absolute.level.top", Verdict.VIOLATION)]


HOSTILE = {
    "one_trigger": "最" * 60_000,
    "split_words": "最 佳" * 20_000,
    "openings": "“" * 50_000 + "最佳",
    "no_sentence_end": "治疗高血压第一品牌" * 8_000,
    "emoji": "🔥最" * 20_000,
    "surrogates": "\ud800最佳" * 1_000,
    "empty": "",
    "blanks": " \n" * 30_000,
    "numbers": "第1" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_costs_bounded_time(engine: Engine, text: str) -> None:
    started = time.process_time()
    judgement = engine.judge(snippet(text), PageFacts(), on=ON)
    assert time.process_time() - started < 60  # a hang, not a speed
    assert len(judgement.findings) <= 500
    if len(text) > 1000 and "佳" in text and "最 佳" in text:
        assert judgement.timeouts


def test_what_was_cut_short_is_never_clean(engine: Engine) -> None:
    judgement = engine.judge(snippet("顶级面料。" * 600), PageFacts(), on=ON)
    assert judgement.timeouts


LISTS = {
    "list": "头痛、风湿",
    "quoted_list": "『顶』、『尖』两字",
    "inside_words": "交通便利",
    "fixed_phrase": "请确保过程安全",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_pieces_of_other_words_are_no_words(engine: Engine, text: str) -> None:
    found = judge_snippet(engine, text, on=ON, goods="ordinary_food")
    assert [f.quote for f in found if f.verdict is Verdict.VIOLATION] == []


OPEN = {
    "any_adjective": "露营时最能打的马灯",
    "verb_phrase": "走亲戚最拿得出手的苕酥",
    "least_of_a_fault": "夜里磨豆浆声音最小",
    "no_fault": "最不挑人的豆沙色",
    "nobody_is": "换锁上门没人快过我们",
    "no_second": "这样的根系全省找不出第二家",
    "self_made_first": "论喜糖盒，我们坐第二没人敢坐第一",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_superlatives_are_an_open_class(engine: Engine, text: str) -> None:
    assert "absolute" in {f.family for f in judge_snippet(engine, text, on=ON) if f.verdict is Verdict.VIOLATION}


NEUTRAL = {
    "limit": "座高最低42厘米，最高52厘米",
    "fault": "收货后最怕暴晒",
    "season": "一年里最冷的那几天",
    "experience": "我吃过最辣的一次是在重庆",
    "denied_behind": "全网最低？不敢说",
    "denied_inside": "价格不是全城最低，分量却足",
    "only_drawback": "唯一不支持的是旧机型",
    "record_of_output": "今年柑橘产量创历史最高",
}


@pytest.mark.parametrize("text", NEUTRAL.values(), ids=NEUTRAL)
def test_neutral_superlatives(engine: Engine, text: str) -> None:
    assert [f.quote for f in judge_snippet(engine, text, on=ON) if f.verdict is Verdict.VIOLATION] == []


def test_a_coarse_category_is_narrowed_by_what_the_text_names(engine: Engine) -> None:
    found = judge_snippet(engine, "换上新品种，亩产轻松过吨", on=ON, goods="agri")
    assert {f.family for f in found if f.verdict is Verdict.VIOLATION} == {"agri"}


@pytest.mark.parametrize(
    "text",
    [
        "不用跑医院，这款茶治好胃病",
        "别去医院了，这款贴治好腰突",
        "这款膏不用手术就治好了白癜风",
        "药房的药都不如它，一杯降血糖",
        "雾化器收起来了，梨膏治好了哮喘",
        "胜过牙科医生，含它治好牙疼",
    ],
)
def test_a_cure_that_nobody_needs_is_not_what_is_sold(engine: Engine, text: str) -> None:
    assert "medical" in {f.family for f in judge_snippet(engine, text, on=ON) if f.verdict is Verdict.VIOLATION}


@pytest.mark.parametrize(("number", "freed"), [("国妆特字G20230001", True), ("鄂G妆网备字2025004404", False)])
def test_special_effects_need_the_registration_of_special_cosmetics(engine: Engine, number: str, freed: bool) -> None:
    found = judge_snippet(engine, f"淡斑面霜。批准文号：{number}", on=ON, goods="cosmetics")
    assert any("淡斑" in f.quote for f in found if f.verdict is Verdict.VIOLATION) is not freed


@pytest.mark.parametrize("text", ["本院微创手术，颈椎病当天治好", "中医馆坐诊，专治胃病，保证断根"])
def test_a_clinic_sells_cures(engine: Engine, text: str) -> None:
    assert {f.family for f in judge_snippet(engine, text, on=ON) if f.verdict is Verdict.VIOLATION} == {"medical_ad"}


@pytest.mark.parametrize("told", ["realestate", "real_estate", "", "flats", "房屋"])
def test_a_category_that_nobody_knows_is_read_from_the_text(engine: Engine, told: str) -> None:
    found = judge_snippet(engine, "楼盘现房，买公寓收租金，十年回本", on=ON, goods=told)
    assert any(f.family == "realestate" for f in found if f.verdict is Verdict.VIOLATION)


def test_news_that_speaks_for_goods_is_advertising(engine: Engine) -> None:
    text = "中老年人的福音，全国销量第一的足浴桶"
    told = judge_snippet(engine, text, on=ON, kind=PartKind.NEWS, goods="general_goods")
    untold = judge_snippet(engine, text, on=ON, kind=PartKind.NEWS)
    assert any(f.verdict is Verdict.VIOLATION for f in told)
    assert all(f.exemption == "NEWS" for f in untold)


def test_an_award_word_in_a_claim_is_no_award(engine: Engine) -> None:
    found = judge_snippet(engine, "全国第一的最佳蜂蜜", on=ON, kind=PartKind.PAGE)
    assert any(f.verdict is Verdict.VIOLATION for f in found)


def test_a_wide_trap_takes_only_what_stands_at_its_ends(engine: Engine) -> None:
    """手机 … 修复 is no cure; what is claimed between the two words is claimed all the same."""
    found = [f for f in judge_snippet(engine, "手机摔坏了别扔，全网销量第一的老店当天修复", on=ON) if f.verdict is Verdict.VIOLATION]
    assert {finding.family for finding in found} == {"absolute"}


BORROWED = {
    "refuses_something_else": "本店不卖假货，全国第一的蜂蜜",
    "refuses_in_the_same_breath": "不收加盟费，全网最低价",
    "denies_that_others_do_it": "全国唯一的手工茶，同行都不做",
    "not_second_but_first": "我们不做第二，只做全国第一",
    "quoted_beside_a_word_of_the_press": "“全国第一”的品质，绝不骗人",
    "asks_why": "为什么全国销量第一？因为料足",
    "threatens": "根治颈椎病，假一罚十，违者赔钱",
    "wants_data": "三天根治湿疹，没数据我们不卖",
    "patients_may_rest_easy": "高血压患者请放心服用，三天降压",
    "sets_no_threshold": "不设门槛，稳赚不赔的好项目",
    "others_write_so": "别人写“全国第一”，我们真是全国第一",
    "others_cannot": "别家治不了的湿疹我们根治",
    "must_be_said": "不得不说这是全国第一",
    "authority_beside": "监管部门认可，这款茶治愈率99%",
    "press_beside": "经记者实测，本品三天根治脚气",
    "warns_of_something_else": "警惕高血压，喝苦荞茶根治高血压",
    "law_beside": "声明：依据《广告法》相关规定，根治高血压的第一品牌",
    "denies_having_something": "没有任何西药成分，根治糖尿病",
    "in_a_relative_clause": "不含糖的全国第一米糕",
    "spares_something": "无需住院根治静脉曲张",
    "without_a_comma": "不收加盟费全网最低价",
    "asks_of_something_else": "是不是总失眠，这款茶彻底治好失眠",
    "answers_in_one_breath": "有人问能治痛风吗，老顾客都说能",
    "answers_yes": "问：能治糖尿病吗？答：可以的亲",
    "dares_itself": "谁敢说根治？我们敢！",
    "double_denial": "没有它治不了的咳嗽",
    "beyond_replacement": "代替不了的第一品牌",
    "warning_then_claim": "本品不能代替药物，但治好了很多高血压患者",
    "calls_the_sick": "肾虚的人请看过来，吃了它一夜三次",
    "fakes_abound": "假冒产品多，“国家级”认证的只有我们",
}


@pytest.mark.parametrize("text", BORROWED.values(), ids=BORROWED.keys())
def test_words_of_denial_beside_a_claim_free_nothing(engine: Engine, text: str) -> None:
    assert any(finding.verdict is Verdict.VIOLATION for finding in judge_snippet(engine, text, on=ON))


DENIED = {
    "asks_and_denies_in_one_breath": "能治鼻炎吗，不能",
    "asks_and_sends_to_a_doctor": "能治鼻炎吗，请咨询医生",
    "name_quoted_behind_its_place": "宜都“天下第一橘”纪念徽章",
    "cannot": "润肤乳就是润肤乳，治不了皮炎",
    "not_offered": "本校不开设“保过班”，也没有授权任何人承诺“包过”",
    "asked_to_write_it": "有人让我们写“卖得全省头名”，没数据，不写",
    "rule_for_traders": "商家不得在此之外自行规定“概不退换”",
    "void": "页面出现“售出不退”等内容的，对消费者不发生效力",
    "answers_no": "会员卡余额过期作废？不会，随时能退",
    "court": "庭审中，借条上的“月息五分”超出部分未获支持",
    "expects_nothing": "这是普通食品，指望它降脂不现实",
    "not_taken": "我们不接“给老爸治心梗”这类询单，请去医院",
    "hearsay": "别听说能治病就乱吃",
    "sends_to_the_chemist": "治咳嗽请买药，本店只卖梨",
    "cannot_be_done": "永不褪色做不到",
    "a_swindle": "保过是骗人的",
    "answers_no_at_once": "问：能治糖尿病吗？答：不能，这是普通茶叶",
    "warned_of": "警惕打着“根治高血压”旗号的讲座",
    "no_right_to_say": "我们没有资格说自己是行业第一",
    "no_evidence": "没有证据表明它能抗癌",
    "unrelated": "跟治病没关系，就是暖手",
    "who_says_so": "要是有人说能包过，请您举报",
    "not_to_replace": "不建议用奶粉代替母乳",
}


@pytest.mark.parametrize("text", DENIED.values(), ids=DENIED.keys())
def test_what_is_denied_or_reported_is_no_claim(engine: Engine, text: str) -> None:
    assert not [finding for finding in judge_snippet(engine, text, on=ON) if finding.verdict is Verdict.VIOLATION]


PROSE = "峡江两岸春天来得早，油菜花开了一坡又一坡。早上雾气散去，山路上已经有人背着竹篓往地里走。" * 8


def page_of(*blocks: str) -> PageText:
    """A page of paragraphs without a word of buying."""
    html = "".join(f"<p>{block}</p>" for block in blocks)
    return read_document(parse_document(f"<html><body>{html}</body></html>".encode(), url="http://a.example/"))


@pytest.mark.parametrize(
    ("blocks", "flagged"),
    [
        (("峡江蜂业", "蜂蜜全国最好，喝了治咳嗽，根治鼻炎。"), True),  # a shop window without a word of buying
        (("峡江蜂业", PROSE, "我们的蜂蜜全国最好，根治鼻炎。"), True),  # prose around it, and the seller's own voice
        (("峡江蜂业", PROSE, "小店的土鸡蛋是全国第一。"), True),
        (("山里的春天", PROSE, "邻居家的蜂蜜全国最好，他总这么说。"), False),  # a walker's diary
        (("山里的春天", PROSE, "我们的春天是全国最好的。"), False),
        (("本报记者 王明 通讯员 李红", PROSE, "我们的蜂蜜全国最好，一位蜂农告诉记者。"), False),  # a newspaper quotes a trader
    ],
)
def test_only_an_article_is_read_as_one(engine: Engine, blocks: tuple[str, ...], flagged: bool) -> None:
    findings = engine.judge(page_of(*blocks), PageFacts(), on=ON).findings
    assert any(f.verdict is Verdict.VIOLATION for f in findings) is flagged
