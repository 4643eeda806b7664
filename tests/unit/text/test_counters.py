"""Counters as sites carry them, and code that only names one."""

import pytest

from netpatrol.text.counters import is_counter, only_counts

BAIDU = """var _hmt = _hmt || [];(function() { var hm = document.createElement("script");
hm.src = "https://hm.baidu.com/hm.js?0123456789abcdef"; var s = document.getElementsByTagName("script")[0];
s.parentNode.insertBefore(hm, s); })();"""


@pytest.mark.parametrize(
    "code",
    [
        BAIDU,
        f"/* 百度统计 */{BAIDU}",
        """var p=(("https:"==document.location.protocol)?"https://":"http://");document.write(unescape("%3Cspan id='cnzz_1'%3E%3C/span%3E%3Cscript src='"+p+"s4.cnzz.com/z.js' type='text/javascript'%3E%3C/script%3E"));""",
        "window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag('js',new Date());gtag('config','G-1')",
        """(function(){var bp=document.createElement('script');var curProtocol=window.location.protocol.split(':')[0];
        bp.src=curProtocol==='https'?'https://zz.bdstatic.com/linksubmit/push.js':'http://push.zhanzhang.baidu.com/push.js';
        document.body.appendChild(bp)})();""",
    ],
    ids=["baidu", "said", "cnzz", "gtag", "push"],
)  # fmt: skip
def test_a_counter(code):
    assert only_counts(code)


@pytest.mark.parametrize(
    "more",
    ["fetch('/d')", "m.innerText=t", "$('#m').html(t)", "location.href='/shop/'", "alert('特效')", "x=atob('eA==')", "x='\\u7956'", "show('祖传')", "a" * 4000],
)  # fmt: skip
def test_a_counter_with_more_beside_it_is_none(more):
    assert not only_counts(BAIDU + more)


def test_hosts_of_counters():
    assert is_counter("hm.baidu.com") and is_counter("www.google-analytics.com")
    assert not is_counter("") and not is_counter("shop.example.cn")
