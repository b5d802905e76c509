"""What one cell says: text, number or date, and what was normalised on the way.

Only what cannot be mistaken is normalised (width, invisible characters, surrounding space, thousands
separators, written dates); everything else is left for a finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

#: what nobody sees and what turns the direction of a line, with the controls that are no space; variation selectors
#: stay where they tell one way of writing a character of a name, or an emoji, from another: not behind digits and marks, and
#: those of emoji not behind a Chinese character
INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]|(?<![^\x00-\x7f])[\ufe00-\ufe0f]+(?!\u20e3)|(?<=[\u4e00-\u9fff])[\ufe0e\ufe0f]+"
)
_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]|(?<=[\u2e80-\u9fff\ufe00-\ufe0f]) (?=[\u2e80-\u9fff])")
#: a full stop that a clerk's keyboard puts behind a word; a dot may be part of a number
_STOPS = re.compile(r"(?<=[\w)%+])\s*。+$")
#: what stands between several choices in one cell
_SEPARATORS = "┋|;、,/+&\n "
_AND = ("以及", "还有", "和", "及", "与", "跟", "&", "+")
#: the number of an entry in a list
_ENTRY = re.compile(r"(?:\d{1,2}|[A-Za-z]) ?[.、):] ?")
#: traditional characters of answers, places and headers → what the office writes: those of Big5's common plane that no simplified
#: text has, by Unicode's table
_SIMPLE = str.maketrans(
    "丟並乾亂亙亞佇佈佔併來侖侶侷係俠倀倆倉個們倖倣倫偉側偵偽傑傖傘備傢傭傯傳債傷傾僅僇僑僕僥僱價儀儂億儈儉儐儔儕儘償優儲儷儻儼兇兌兒兗內兩冊冪凍凜凱別刪則剋剎剛剝剴創剷劃劇劉劊劍劑勁動勗務勛勝勞勢勳勵勸勻匯匱區協卹卻厭厲參叢吳吶呂員唸問啓啞啟喚喪喫喬單喲嗆嗇嗎嗚嗶嘆嘍嘔嘖嘗嘩嘮嘯嘰噓噥噯噴噸噹嚀嚇嚐嚕嚥"
    "嚨嚮嚴嚶囀囁囂囈囑囪國圍園圓圖團執堅堊堝堯報場塊塋塒塗塚塢塵塹墊墜墮墳墾壇壎壓壘壙壞壟壢壩壯壺壽夠夢夾奐奧奩奪奮妝姍姦姪娛婁婦媧媼媽嫗嫵嫻嬈嬋嬌嬝嬤嬪嬰嬸孃孫學孿宮寢實寧審寫寬寵寶將專尋對導尷屆屍屜屢層屨屬岡峯峴島峽崑崗崙崢嵐嶄嶇嶸嶺嶼巒巔巖帥師帳帶幀幃幗幟幣幫幹幾庫廁廂廄廈廚廝廟廠廢廣廬廳弒弔張強"
    "彆彈彌彎彙彥彿後徑從徠復徬徵徹恆恥悅悵悶悽惡惱惻愛愜愴愷愾慄慇態慍慘慚慟慣慫慮慶慼慾憂憊憐憑憚憤憫憮憲憶懇應懍懣懲懶懷懸懺懼懾戀戰戲戶拋挾捨捫捲掃掄掙掛採揀揚換揮搆損搖搗搶搾摑摟摯摺摻撈撐撓撚撢撥撫撲撳撻撾撿擁擄擇擊擋擔據擠擬擰擱擲擴擷擺擻擾攆攏攔攙攜攝攣攤攪攬敗敘敵數斂斃斕斬斷於昇時晉晝暈暉暢暫暱"
    "曄曆曇曉曖曠曬書會朧東柵桿梔條梟棄棗棟棧棲楊楓楨業極榮構槍槓槨槳樁樂樅樑樓標樞樣樸樹樺橈橋機橢橫檔檜檢檣檯檳檸檻櫃櫓櫚櫛櫝櫥櫬櫺櫻欄權欖欽歎歐歟歡歲歷歸歿殘殤殮殯殲殺殼毀毆毬氈氣氫氬氳氾汎汙決沍沒沖況洩洶浹涇涼淒淚淨淪淵淺渙減渦測渾湊湧湯準溝溫溼滄滅滌滬滯滲滷滾滿漁漢漣漬漲漸漿潑潔潛潤潯潰澀澆澗澠澤"
    "澱濁濃濕濘濟濤濫濬濰濱濺濾瀆瀉瀋瀏瀕瀘瀝瀟瀨瀰瀲瀾灑灘灣灤災為烏無煉煙煥煩煬熒熱熾燄燈燉燐燒燙燜營燦燬燭燴燻燼燾爍爐爛爭爲爺爾牀牆牘牽犖犢犧狀狹狽猙猶獄獅獎獨獰獲獵獷獸獺獻玀現琺琿瑣瑤瑩瑪瑯璣璦環璽瓊瓏瓔瓚甌甕產甦畝畢畫異當疇疊痙痠瘋瘍瘓瘡瘧瘺療癆癒癘癟癡癢癥癩癬癮癱癲發皚皰皺盃盜盞盡監盤盧盪眾睏睜"
    "睞睪瞇瞞瞭瞼矚矯砲硯碩確碼磚磧磯礎礙礦礪礫礬祕祿禍禎禦禪禮禱禿秈稅稈稜稟種稱穀穌積穎穡穢穩穫窩窪窮窯窺竄竅竇竈竊競筆筍筧箇箋箏節範築篤篩簍簞簡簣簫簷簽簾籃籌籐籟籠籤籬籮籲粵糝糞糧糰糾紀紂約紅紆紇紉紋納紐純紕紗紙級紛紜紡紮細紱紲紳紹紼絀終絃組絆結絕絛絞絡絢給絨統絲絳絹綁綏綑經綜綞綠綢綫綬維綰綱網綴綵綸"
    "綺綻綽綾綿緇緊緒緘緙線緝緞締緣編緩緬緯緲練緹緻縈縉縊縐縑縛縝縞縣縫縮縱縲縴縵縷縹總績繃繅繆繒織繕繚繞繡繩繪繫繭繳繹繼繽續纏纓纔纖纜缽罈罌罰罵罷羅羈羋羣羨義羶習翹聖聞聯聰聲聳聶職聽聾肅脅脈脣脫脹腎腦腫腳腸膚膠膩膽膾膿臉臍臏臘臚臟臥臨臺與興舉舊艙艦艱艷芻苧茲荊莊莖莢莧華萇萊萬萵葉葦葯葷蒐蒞蒼蓀蓆蓋蓮蔔蔣"
    "蔥蔭蕩蕪蕭薊薑薔薦薩薺藍藝藥藪藷藹藺蘆蘇蘊蘋蘚蘭蘿處虛虜號虧蛻蜆蝕蝦蝨蝸螞螢螻蟈蟬蟯蟲蟻蠅蠍蠔蠟蠣蠱蠶蠻衆術衛衝衞袞裊裏補裝裡製複褲褸褻襖襠襤襪襯襲見規覓視覦親覬覲覺覽觀觴觸訂訃計訊訌討訐訓訕訖託記訛訝訟訣訥訪設許訴訶診註証詁詆詐詔評詛詞詠詢詣試詩詫詬詭詮詰話該詳詼誅誇誌認誑誕誘誚語誠誡誣誤誥誦誨說"
    "誰課誶誹誼調諂諄談諉請諍諒論諛諜諦諧諫諭諮諱諳諶諷諸諺諼諾謀謁謂謄謊謎謐謗謙講謝謠謨謫謬謹譁證譎譏識譙譚譜譟譫譯議譴護譽讀變讒讓讖讚讜豈豎豐豔豬貍貓貝貞負財貢貧貨販貪貫責貯貲貳貴貶買貸費貼貽貿賀賁賂賃賄賅資賈賊賑賒賓賜賞賠賡賢賣賤賦質賬賭賴賸賺賻購賽贅贈贊贍贏贓贖贗贛趕趙趨跡跼踐踡踴蹕蹟蹣蹤蹺躉躊躋"
    "躍躑躓躡躪軀車軋軌軍軒軔軛軟軸軻軼軾較載輊輒輓輔輕輛輜輝輞輟輥輦輩輪輯輳輸輻輾輿轂轄轅轉轍轎轔轟轡辦辭辮辯農迴逕這連週進遊運過達違遙遜遞遠適遲遷選遺遼邁還邇邊邏邐郵鄉鄒鄧鄭鄰鄴酈醃醜醞醫醬釀釁釅釋釐釗釘釙針釣釦釧釩釵鈉鈍鈐鈑鈔鈕鈞鈣鈴鈷鈸鈹鈽鈾鈿鉀鉅鉉鉍鉑鉗鉚鉛鉢鉤鉸鉻銀銅銑銓銖銘銜銨銬銲銳銷銻銼鋁"
    "鋅鋇鋒鋤鋪鋰鋸鋼錄錐錕錘錙錚錠錢錦錨錫錮錯錳錶鍊鍋鍍鍔鍛鍥鍬鍰鍵鍾鎂鎊鎖鎗鎘鎚鎢鎬鎮鎰鎳鏃鏈鏍鏑鏗鏘鏜鏝鏟鏡鏢鏤鏨鏽鐃鐘鐫鐮鐲鐳鐵鐸鐺鑄鑑鑒鑠鑣鑰鑲鑷鑼鑽鑾鑿長門閂閃閉開閎閏閑閒間閔閘閡閣閥閨閩閭閱閻闆闈闊闋闌闐闔闕闖關闡闢陘陝陞陣陰陳陸陽隄隊階隕際隣隨險隱隴隸隻雋雖雙雛雜雞離難雲電霑霧霽靂靄靈靜靦"
    "靨鞏韁韃韉韋韌韓韜韻響頁頂頃項順須頊頌預頑頒頓頗領頜頡頤頭頰頷頸頹頻顆題額顎顏顓願顛類顥顧顫顯顰顱風颯颱颳颶颼飄飛飢飩飪飭飯飲飴飼飽飾餃餅餉養餌餒餓餘餚餛餞餡館餵餽餾餿饅饉饑饒饗饜饞馬馭馮馱馳馴駁駐駑駒駕駙駛駝駟駢駭駱駿騁騎騖騙騫騰騷騾驀驃驅驍驕驗驚驛驟驢驥驪骯髏髒體髖髮鬆鬍鬚鬢鬥鬧鬨鬱魎魘魚魯魷鮑"
    "鮪鮫鮭鮮鯀鯉鯊鯖鯛鯧鯨鯽鰍鰓鰥鰭鰱鰻鰾鱉鱔鱖鱗鱟鱷鱸鳥鳩鳳鳴鳶鴆鴉鴕鴛鴣鴦鴨鴻鴿鵑鵝鵠鵡鵪鵬鵲鶉鶯鶴鷂鷄鷓鷗鷥鷹鷺鸚鸛鸞鹵鹹鹼鹽麗麥麩麪麵麼黃黌點黨黴黷鼇鼕鼴齊齋齒齜齟齡齣齦齧齪齬齲齷龍龐龔龜",
    "丢并干乱亘亚伫布占并来仑侣局系侠伥俩仓个们幸仿伦伟侧侦伪杰伧伞备家佣偬传债伤倾仅戮侨仆侥雇价仪侬亿侩俭傧俦侪尽偿优储俪傥俨凶兑儿兖内两册幂冻凛凯别删则克刹刚剥剀创铲划剧刘刽剑剂劲动勖务勋胜劳势勋励劝匀汇匮区协恤却厌厉参丛吴呐吕员念问启哑启唤丧吃乔单哟呛啬吗呜哔叹喽呕啧尝哗唠啸叽嘘哝嗳喷吨当咛吓尝噜咽"
    "咙向严嘤啭嗫嚣呓嘱囱国围园圆图团执坚垩埚尧报场块茔埘涂冢坞尘堑垫坠堕坟垦坛埙压垒圹坏垄坜坝壮壶寿够梦夹奂奥奁夺奋妆姗奸侄娱娄妇娲媪妈妪妩娴娆婵娇袅嬷嫔婴婶娘孙学孪宫寝实宁审写宽宠宝将专寻对导尴届尸屉屡层屦属冈峰岘岛峡昆岗仑峥岚崭岖嵘岭屿峦巅岩帅师帐带帧帏帼帜币帮干几库厕厢厩厦厨厮庙厂废广庐厅弑吊张强"
    "别弹弥弯汇彦佛后径从徕复彷征彻恒耻悦怅闷凄恶恼恻爱惬怆恺忾栗殷态愠惨惭恸惯怂虑庆戚欲忧惫怜凭惮愤悯怃宪忆恳应懔懑惩懒怀悬忏惧慑恋战戏户抛挟舍扪卷扫抡挣挂采拣扬换挥构损摇捣抢榨掴搂挚折掺捞撑挠捻掸拨抚扑揿挞挝捡拥掳择击挡担据挤拟拧搁掷扩撷摆擞扰撵拢拦搀携摄挛摊搅揽败叙敌数敛毙斓斩断于升时晋昼晕晖畅暂昵"
    "晔历昙晓暧旷晒书会胧东栅杆栀条枭弃枣栋栈栖杨枫桢业极荣构枪杠椁桨桩乐枞梁楼标枢样朴树桦桡桥机椭横档桧检樯台槟柠槛柜橹榈栉椟橱榇棂樱栏权榄钦叹欧欤欢岁历归殁残殇殓殡歼杀壳毁殴球毡气氢氩氲泛泛污决冱没冲况泄汹浃泾凉凄泪净沦渊浅涣减涡测浑凑涌汤准沟温湿沧灭涤沪滞渗卤滚满渔汉涟渍涨渐浆泼洁潜润浔溃涩浇涧渑泽"
    "淀浊浓湿泞济涛滥浚潍滨溅滤渎泻沈浏濒泸沥潇濑弥潋澜洒滩湾滦灾为乌无炼烟焕烦炀荧热炽焰灯炖磷烧烫焖营灿毁烛烩熏烬焘烁炉烂争为爷尔床墙牍牵荦犊牺状狭狈狰犹狱狮奖独狞获猎犷兽獭献猡现珐珲琐瑶莹玛琅玑瑷环玺琼珑璎瓒瓯瓮产苏亩毕画异当畴叠痉酸疯疡痪疮疟瘘疗痨愈疠瘪痴痒症癞癣瘾瘫癫发皑疱皱杯盗盏尽监盘卢荡众困睁"
    "睐睾眯瞒了睑瞩矫炮砚硕确码砖碛矶础碍矿砺砾矾秘禄祸祯御禅礼祷秃籼税秆棱禀种称谷稣积颖穑秽稳获窝洼穷窑窥窜窍窦灶窃竞笔笋笕个笺筝节范筑笃筛篓箪简篑箫檐签帘篮筹藤籁笼签篱箩吁粤糁粪粮团纠纪纣约红纡纥纫纹纳纽纯纰纱纸级纷纭纺扎细绂绁绅绍绋绌终弦组绊结绝绦绞络绚给绒统丝绛绢绑绥捆经综缍绿绸线绶维绾纲网缀彩纶"
    "绮绽绰绫绵缁紧绪缄缂线缉缎缔缘编缓缅纬缈练缇致萦缙缢绉缣缚缜缟县缝缩纵缧纤缦缕缥总绩绷缫缪缯织缮缭绕绣绳绘系茧缴绎继缤续缠缨才纤缆钵坛罂罚骂罢罗羁芈群羡义膻习翘圣闻联聪声耸聂职听聋肃胁脉唇脱胀肾脑肿脚肠肤胶腻胆脍脓脸脐膑腊胪脏卧临台与兴举旧舱舰艰艳刍苎兹荆庄茎荚苋华苌莱万莴叶苇药荤搜莅苍荪席盖莲卜蒋"
    "葱荫荡芜萧蓟姜蔷荐萨荠蓝艺药薮薯蔼蔺芦苏蕴苹藓兰萝处虚虏号亏蜕蚬蚀虾虱蜗蚂萤蝼蝈蝉蛲虫蚁蝇蝎蚝蜡蛎蛊蚕蛮众术卫冲卫衮袅里补装里制复裤褛亵袄裆褴袜衬袭见规觅视觎亲觊觐觉览观觞触订讣计讯讧讨讦训讪讫托记讹讶讼诀讷访设许诉诃诊注证诂诋诈诏评诅词咏询诣试诗诧诟诡诠诘话该详诙诛夸志认诳诞诱诮语诚诫诬误诰诵诲说"
    "谁课谇诽谊调谄谆谈诿请诤谅论谀谍谛谐谏谕咨讳谙谌讽诸谚谖诺谋谒谓誊谎谜谧谤谦讲谢谣谟谪谬谨哗证谲讥识谯谭谱噪谵译议谴护誉读变谗让谶赞谠岂竖丰艳猪狸猫贝贞负财贡贫货贩贪贯责贮赀贰贵贬买贷费贴贻贸贺贲赂赁贿赅资贾贼赈赊宾赐赏赔赓贤卖贱赋质账赌赖剩赚赙购赛赘赠赞赡赢赃赎赝赣赶赵趋迹局践蜷踊跸迹蹒踪跷趸踌跻"
    "跃踯踬蹑躏躯车轧轨军轩轫轭软轴轲轶轼较载轾辄挽辅轻辆辎辉辋辍辊辇辈轮辑辏输辐辗舆毂辖辕转辙轿辚轰辔办辞辫辩农回迳这连周进游运过达违遥逊递远适迟迁选遗辽迈还迩边逻逦邮乡邹邓郑邻邺郦腌丑酝医酱酿衅酽释厘钊钉钋针钓扣钏钒钗钠钝钤钣钞钮钧钙铃钴钹铍钸铀钿钾钜铉铋铂钳铆铅钵钩铰铬银铜铣铨铢铭衔铵铐焊锐销锑锉铝"
    "锌钡锋锄铺锂锯钢录锥锟锤锱铮锭钱锦锚锡锢错锰表炼锅镀锷锻锲锹锾键钟镁镑锁枪镉锤钨镐镇镒镍镞链镙镝铿锵镗镘铲镜镖镂錾锈铙钟镌镰镯镭铁铎铛铸鉴鉴铄镳钥镶镊锣钻銮凿长门闩闪闭开闳闰闲闲间闵闸阂阁阀闺闽闾阅阎板闱阔阕阑阗阖阙闯关阐辟陉陕升阵阴陈陆阳堤队阶陨际邻随险隐陇隶只隽虽双雏杂鸡离难云电沾雾霁雳霭灵静腼"
    "靥巩缰鞑鞯韦韧韩韬韵响页顶顷项顺须顼颂预顽颁顿颇领颌颉颐头颊颔颈颓频颗题额颚颜颛愿颠类颢顾颤显颦颅风飒台刮飓飕飘飞饥饨饪饬饭饮饴饲饱饰饺饼饷养饵馁饿余肴馄饯馅馆喂馈馏馊馒馑饥饶飨餍馋马驭冯驮驰驯驳驻驽驹驾驸驶驼驷骈骇骆骏骋骑骛骗骞腾骚骡蓦骠驱骁骄验惊驿骤驴骥骊肮髅脏体髋发松胡须鬓斗闹哄郁魉魇鱼鲁鱿鲍"
    "鲔鲛鲑鲜鲧鲤鲨鲭鲷鲳鲸鲫鳅鳃鳏鳍鲢鳗鳔鳖鳝鳜鳞鲎鳄鲈鸟鸠凤鸣鸢鸩鸦鸵鸳鸪鸯鸭鸿鸽鹃鹅鹄鹉鹌鹏鹊鹑莺鹤鹞鸡鹧鸥鸶鹰鹭鹦鹳鸾卤咸碱盐丽麦麸面面么黄黉点党霉黩鳌冬鼹齐斋齿龇龃龄出龈啮龊龉龋龌龙庞龚龟",
)
#: boxes before or behind words, and those that say yes
_TICKED = "☑☒✅✔✓√■●▣◉⊠"
_BOX = re.compile(rf"\s*([{_TICKED}□☐○◯◇▢⬜])\s*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_BELOW_ZERO = re.compile(r"[-−–—]\s*\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(:(\d{2})(\.\d+)?)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T")
#: half of a day before or behind the hours, and the zone that a form writes behind them
_HALF = re.compile(r"(上午|下午|晚上|早上|中午|凌晨|[ap]\.?m\.?)", re.I)
#: the day of the week behind a date
_WEEKDAY = re.compile(r"\(?(?:星期|礼拜|周)[一二三四五六日天]\)?")
_ZONE = re.compile(r"\s*(?:GMT|UTC)?[+\-]\d{1,2}(?::?\d{2})?$|\s*(?:GMT|UTC|CST)$", re.I)
_DURATION = re.compile(r"((\d+)\s*(小时|时|h))?\s*((\d+)\s*(分钟|分|min|m))?\s*((\d+(\.\d+)?)\s*(秒|s)?)?")


def clean(value: Any) -> str:
    """A cell as comparable text: NFKC width, no invisible characters, single spaces, trimmed.

    Whole floats lose their ``.0`` (readers of workbooks give every number as a float).
    """
    if isinstance(value, str):
        if value.isascii() and value.isalnum():  # codes and numbers of respondents: nothing to normalise
            return value
        text = value
    elif isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    elif isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    elif isinstance(value, datetime):
        return value.isoformat(sep=" ")
    elif isinstance(value, (date, time)):
        return value.isoformat()
    elif isinstance(value, timedelta):
        return str(value)
    else:
        text = str(value)
    return _SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def typed(value: Any) -> str:
    """A cell as it was typed, without what nobody sees and the space around it; what is compared is ``clean``."""
    return INVISIBLE.sub("", value).strip() if isinstance(value, str) else clean(value)


def seen(value: Any) -> str:
    """A cell as it is seen: ``clean``, without variation selectors, without spaces between Chinese characters and without
    the full stop of a sentence behind a word."""
    text = clean(value)
    return text if text.isascii() else unstopped(_UNSEEN.sub("", text))


def unstopped(text: str) -> str:
    """The text without the full stop (``。``) behind its last word; what is nothing but marks stays."""
    return _STOPS.sub("", text) if text.endswith("。") else text


def simplified(text: str) -> str:
    """The text in the characters of the office, where somebody typed traditional ones (``滿意``)."""
    return text if text.isascii() else text.translate(_SIMPLE)


def answer_key(value: Any) -> str:
    """What a cell and a choice are compared by: as it is ``seen``, any case."""
    return seen(value).casefold()


def typed_width(text: str) -> int:
    """Columns that a text takes where every letter is as wide as the next: Chinese characters and full width take two."""
    return sum(1 + (ord(character) > 0x2E7F) for character in text)


def words_of(text: str, words: Mapping[str, int]) -> tuple[int, ...]:
    """The places of the words of which a text is made, where it is nothing but words and separators between them; else
    none.  The longest word counts, for a word may hold a separator."""
    found: set[int] = set()
    rest = text
    while rest:
        if not any(rest.startswith(w) for w in words) and (entry := _ENTRY.match(rest)):
            rest = rest[entry.end() :]
        word = max((w for w in words if rest.startswith(w)), key=len, default="")
        after = rest[len(word) :]
        rest = after.lstrip(_SEPARATORS)
        joint = next((a for a in _AND if rest.startswith(a)), "")
        if joint and not any(rest.startswith(w) for w in words):
            rest = rest[len(joint) :].lstrip(_SEPARATORS)
        if not word or (after and rest == after) or (joint and not rest):
            return ()
        found.add(words[word])
    return tuple(sorted(found))


def ticked_in(text: str, words: Mapping[str, int]) -> tuple[int, ...] | None:
    """The places of the words with a tick where every word of a text has a box (``☑看病 □食堂``), or of the letters or
    digits that stand together (``ABD``, ``134``); None where it is neither.  No tick at all gives ``()``."""
    pieces = _BOX.split(text)
    marks = pieces[1::2]
    said = pieces[2::2] if not pieces[0] else pieces[:-1:2] if not pieces[-1] else []
    if len(said) > 1:
        places = [words.get(answer_key(t.strip(_SEPARATORS))) for t in said]
        if all(p is not None for p in places):
            return tuple(sorted({p for m, p in zip(marks, places, strict=True) if m in _TICKED and p is not None}))
    letters = [words.get(c) for c in text.casefold()] if text.isascii() and (text.isalpha() or text.isdigit()) else []
    found = tuple(sorted({p for p in letters if p is not None}))
    return found if len(found) == len(letters) > 1 else None


def was_normalised(value: Any, text: str) -> bool:
    """Whether cleaning changed what stands in a text cell (so it is listed, never silent)."""
    return isinstance(value, str) and value != text


def as_number(value: Any) -> float | None:
    """The number in a cell, or None; booleans, dates and ``1O`` are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = unstopped(clean(value))
    if _NUMBER.fullmatch(text):
        return float(text)
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    return None


def is_below_zero(value: Any) -> bool:
    """Whether a cell is a number with a minus before it: no ornament, it says nothing of the number without it."""
    return _BELOW_ZERO.fullmatch(clean(value)) is not None


def is_unanswered(value: Any) -> bool:
    """Whether a cell is −2 or −3, which a platform writes for a question that was not answered or not asked."""
    return is_below_zero(value) and as_number(clean(value)[1:].strip()) in (2.0, 3.0)


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_NUMBER = re.compile(
    r"(?:(?P<d1000>[一二两三四五六七八九])千)?(?:[零〇]?(?P<d100>[一二两三四五六七八九]?)百)?"
    r"(?:[零〇]?(?P<d10>[一二两三四五六七八九]?)十)?(?:[零〇]?(?P<d1>[一二两三四五六七八九]))?"
)


def chinese_number(text: str) -> int | None:
    """``三十五`` → 35, ``一百零二`` → 102; None for what is no number up to 9,999 in Chinese characters."""
    if text in ("零", "〇"):
        return 0
    match = _HAN_NUMBER.fullmatch(text)
    if match is None or not text:
        return None
    places = ((1000, "千"), (100, "百"), (10, "十"))
    total = sum(
        size * (_HAN_DIGITS[match[f"d{size}"]] if match[f"d{size}"] else 1) for size, sign in places if sign in text
    )
    return total + (_HAN_DIGITS[match["d1"]] if match["d1"] else 0)


def as_datetime(value: Any) -> datetime | None:
    """A date, with its time of day if there is one: a date cell, ``2013年5月6日``, ``2013年5月6号``, ``2013.5.6``,
    ``2013-05-06 09:30``, ``20130506``.  Ambiguous orders (5/6/2013) and impossible days give None."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = unstopped(clean(value))
    if "T" in text and _ISO.match(text):  # ISO 8601 as Kobo and ODK write it; the offset is dropped, local time is kept
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            return None
    match = _DATE.match(text) or _DATE_DIGITS.fullmatch(text)
    if not match:
        return None
    rest = text[match.end() :]
    if not rest.isascii():  # the days of the week are in hanzi, and most dates have none
        rest = _WEEKDAY.sub("", rest, count=1)
    rest = _ZONE.sub("", rest.strip())
    half = _HALF.search(rest)
    rest = (_HALF.sub("", rest) if half else rest).strip()
    clock = _TIME.fullmatch(rest) if rest else None
    if (rest and not clock) or (half and not clock):
        return None
    hours, minutes, seconds = (int(clock[1]), int(clock[2]), int(clock[4] or 0)) if clock else (0, 0, 0)
    if half:
        hours = _of_day(half[1].casefold(), hours)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), hours, minutes, seconds)
    except ValueError:
        return None


def _of_day(half: str, hours: int) -> int:
    """The hour of the day that a half of it and its hour mean: 下午 3 → 15, 上午 12 → 0."""
    later = half in ("下午", "晚上", "中午") or half.startswith("p")
    if hours > 12:
        return hours
    if half == "中午" and hours in (11, 12):
        return hours
    return hours % 12 + 12 * later


def iso(moment: datetime) -> str:
    """``2013-05-06``, with the time only where there is one."""
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(timespec="seconds")


def as_seconds(value: Any) -> float | None:
    """A duration in seconds: a number, ``123秒``, ``1分23秒``, ``0:02:03``, a time cell."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, time):
        return value.hour * 3600.0 + value.minute * 60 + value.second
    number = as_number(value)
    if number is not None:
        return number if number >= 0 else None
    text = clean(value)
    clock = _TIME.fullmatch(text)
    if clock and clock[4]:
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60 + int(clock[4])
    match = _DURATION.fullmatch(text)
    if not text or not match:
        return None
    return float(match[2] or 0) * 3600 + float(match[5] or 0) * 60 + float(match[8] or 0)


# ── Numbers that forms and people put before a text: ``3、``, ``Q3.``, ``(3)``, ``第3题``, ``A.``, ``5=``


_ENCLOSED = r"第\s*\d{1,3}\s*[题问项]|[(\[【]\s*[A-Za-z]?\d{1,3}\s*[)\]】]"
_CODE = r"(?:[A-Za-z]{1,2}-?)?\d{1,3}(?:[.\-]\d{1,3})*"
_MARKED = rf"{_CODE}(?=\s*[.、:)=\-—])|[A-Za-z](?=\s*[.、:)=])"
#: only a space behind it: "5 分" and "18 岁" are quantities
_SPACED = (
    rf"{_CODE}(?=\s+(?![岁年月日天周分次个人户元万%]|小时|级|years?\b|months?\b|days?\b|hours?\b"
    r"|times\b|people\b|points?\b))"
)
_NUMBERING = re.compile(rf"(?:{_ENCLOSED}|{_MARKED}|{_SPACED})\s*[.、:)=\-—]*\s*(?=[^\d\s.、:)=\-—])")


def unnumbered(text: str) -> str:
    """The text without its leading number or letter, as it is where there is none or nothing else.

    ``text`` has plain width (NFKC).  A number that is part of the text stays: ``18-29岁``, ``5 分``.
    """
    match = _NUMBERING.match(text)
    return text[match.end() :] if match else text


#: what stands in a cell of which nobody answered the question; no number is one, for numbers are codes
_NO_ANSWER = (
    "- -- --- — —— ——— – / // \\ . .. … …… * ** ? ?? ??? _ __ # n/a na n.a. null none nil nan missing blank empty"
    " 无 没有 空 空白 空缺 缺 缺失 缺填 漏填 漏答 未填 未填写 没填 没填写 未答 未作答 没作答 未回答 没回答 没有回答 不填 无回答"
    " 请选择 -请选择- --请选择-- 请选择... 请选择答案 点击选择 未选 未选择 没选 暂无 拒答 拒绝回答 不适用 不详 未知"
)
PLACEHOLDERS = frozenset(clean(word).casefold() for word in _NO_ANSWER.split())
