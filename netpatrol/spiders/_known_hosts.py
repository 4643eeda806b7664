"""Hosts that pages link to and that are never a trader's shop: authorities, filings, counters, maps, networks.

A link to them is no discovery. Suffixes of registered domains; add what your region's pages link to.
"""

from __future__ import annotations

NEVER_SHOPS = frozenset(
    {
        "gov.cn", "org.cn", "edu.cn", "miit.gov.cn", "gsxt.gov.cn", "beian.gov.cn", "mps.gov.cn", "12315.cn", "12377.cn",
        "baidu.com", "bdstatic.com", "sogou.com", "so.com", "bing.com", "google.com", "google.cn", "googleapis.com",
        "qq.com", "gtimg.cn", "weibo.com", "weibo.cn", "sina.com.cn", "sinaimg.cn", "163.com", "126.net", "zhihu.com",
        "bilibili.com", "douyin.com", "kuaishou.com", "xiaohongshu.com", "toutiao.com", "ifeng.com", "people.com.cn",
        "xinhuanet.com", "chinanews.com", "cctv.com", "wikipedia.org", "amap.com", "gaode.com", "alicdn.com",
        "alipay.com", "aliyun.com", "aliyuncs.com", "tenpay.com", "95516.com", "unionpay.com", "cnzz.com", "umeng.com",
        "51.la", "51yes.com", "qcloud.com", "myqcloud.com", "cloudflare.com", "jsdelivr.net", "bootcss.com", "w3.org",
        "adobe.com", "microsoft.com", "apple.com", "mozilla.org", "github.com", "gitee.com", "discuz.net", "comsenz.com",
        "wordpress.org", "dedecms.com", "ecshop.com", "shopex.cn", "shopify.com", "schema.org", "facebook.com",
        "twitter.com", "x.com", "youtube.com", "instagram.com", "linkedin.com", "sf-express.com", "kuaidi100.com",
        "ems.com.cn", "zto.com", "yto.net.cn", "sto.cn", "yundaex.com", "creditchina.gov.cn", "trustexporter.com",
        "knet.cn", "anquan.org", "itrust.org.cn", "wenming.cn",
    }
)  # fmt: skip


def is_never_shop(host: str) -> bool:
    """Whether a host is, or belongs to, one of the known ones."""
    labels = host.split(".")
    return any(".".join(labels[at:]) in NEVER_SHOPS for at in range(len(labels)))
