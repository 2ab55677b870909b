# 权限、账号、授权和登录的提示：哪里不对，怎样改
finding-access-not-found = 没有找到要办理的内容
    .remedy = 请核对网址，或从菜单重新进入。
finding-access-no-role = 您的角色不能办理“{ $action }”
    .remedy = 确有需要时，请安全管理员提出授权。
finding-access-not-on-this-day = 您办理“{ $action }”的授权今天不在有效期内
    .remedy = 请安全管理员核对授权的起止日期。
finding-access-roles-exclude = “{ $role }”与“{ $other }”不能由同一人担任
    .remedy = 请由不同的人担任；已经同时担任的，先收回其中一项。
finding-access-own-matter = 不能办理关于自己的“{ $action }”
    .remedy = 请由另一位有权的人办理。
finding-access-separation-of-duties = 您（或您代办的人）已对同一事项做过“{ $earlier }”，不能再办理“{ $action }”
    .remedy = { $constraint ->
        [declare-verify-review] 申报、核查、审核须由三个不同的人办理，请另一人办理。
        [appeal] 复核须由没有申报、核查、审核过这项数据的人办理，请另一人办理。
        [event] 登记、核实、裁定须由不同的人办理，请另一人办理。
        [figure-dispute] 答复须由提出异议以外的人办理，请另一人办理。
        [grant] 提出与批准授权须由两个人办理，请另一人批准。
        [token] 提出与放行口令须由两个人办理，请另一人放行。
       *[other] 请由另一位有权的人办理。
    }
finding-access-reauthenticate = 办理“{ $action }”前，请再次输入密码
    .remedy = 密码确认后十分钟内有效。
finding-access-cannot-reauthenticate = “{ $action }”须本人在网页上确认密码后办理，命令行和自动任务不能代办
    .remedy = 请登录网页办理。
finding-account-unknown = 没有这个账号
finding-role-cannot-be-granted = 这个角色不能授予
    .remedy = 请另选角色。
finding-role-at-another-level = “{ $role }”不能授在这一级的地方
    .remedy = { $ground ->
        [whole] 请选“全部地方”。
        [county] 请选县，或选“全部地方”。
        [town] 请选一个乡镇（街道）。
        [village] 请选一个村（社区）。
       *[grid] 请选一个村（社区），或其中的网格、微网格。
    }
finding-grant-held-already = 已经有同样的授权：{ $state ->
        [approved] “{ $role }”，自 { $from } 起有效，还没有收回
       *[proposed] “{ $role }”，{ $proposed } 提出，正等待批准
    }
    .remedy = { $state ->
        [approved] 不必再提；要改地方或期限，请先收回原来的。
       *[proposed] 请系统管理员在“授权”页批准原来那一项。
    }
finding-grant-lapsed = 这项授权提出后 { $days } 天没有批准，已经作废
    .remedy = 仍有需要的，请安全管理员重新提出。
finding-grant-exists = 这项授权已经提出过
finding-grant-unknown = 没有这项授权
finding-grant-in-other-state = 这项授权{ $found ->
        [proposed] 还在待批准
        [approved] 已经生效
        [refused] 没有获得批准
        [revoked] 已经收回
       *[other] 状态已变
    }，不能这样办理
    .remedy = 请重新打开授权页面核对。
finding-token-overtaken = 这个申请已经过期，或者同一账号后来又有了新的申请，不能再放行
    .remedy = 请让发放的人重新发放一次。
finding-token-unknown = 没有这个口令的申请
finding-token-in-other-state = 这个口令{ $found ->
        [proposed] 还在待放行
        [released] 已经启用
        [refused] 没有放行
       *[other] 状态已变
    }，不能这样办理
    .remedy = 请重新打开授权页面核对。
finding-sign-in-wrong = 登录名或密码不对
    .remedy = 请核对后再试；忘记密码时，请安全管理员签发一次性口令。
finding-factor-wrong = 动态码或恢复码不对，或者已经用过
    .remedy = 每个动态码只能用一次：请等应用换出下一个，再试。
finding-factor-wanted = 这个账号启用了两步验证，密码之外还要动态码
    .remedy = 请一并提交应用上现在显示的六位数字。
finding-factor-first-wrong = 这个动态码不对，或者已经换了
    .remedy = 请填应用上现在显示的六位数字；一直不对，请核对手机的时间，再重新扫码。
finding-factor-due = 您的角色要求两步验证，请先设置
    .remedy = 请登录网站，在“我的”页设置两步验证。
finding-factor-reason = 理由要写 { $least } 至 { $most } 个字，现在是 { $found } 个
    .remedy = 请写明怎样核实是本人提出的。
finding-factor-not-proposed = 这个账号没有等待放行的解除
    .remedy = 请重新打开授权页核对。
finding-recovery-code-page-only = 恢复码只能在登录页使用
    .remedy = 请打开登录页。
finding-sign-in-wait = 连续多次没有登录成功，请 { $seconds } 秒后再试
    .remedy = 这只是暂时的；您以前登录过的设备不受影响。
finding-sign-in-busy = 正在登录的人较多，请 { $seconds } 秒后再试
finding-sign-in-expired = 登录已经失效
    .remedy = 请重新登录。
finding-setup-token-unusable = 这个一次性口令不对、已过期或已用过
    .remedy = 请核对后重新输入；仍不行的，请安全管理员重新签发。管理员自己的口令，请在服务器上签发。
finding-slip-wrong = 账号或激活码不对，或者激活单已经用过、已经失效
    .remedy = 请对照激活单重新填写；仍不行的，请发单的人重新发一张。
finding-slip-waits = 激活码正确，但这张激活单还没有放行
    .remedy = 请让发单的人催系统管理员在“授权”页放行，放行后再用这张单。
finding-sign-in-name-form = 登录名要有 3 至 40 个字符，只用小写字母、数字、点、下划线和短横
    .remedy = 例如 zhang.san。
finding-sign-in-name-personal = 登录名不能是电话号码或证件号码
    .remedy = 请加上字母，例如姓名的拼音。
finding-sign-in-name-taken = 登录名“{ $found }”已有人使用
    .remedy = 请换一个，例如加上单位的拼音首字母。
finding-password-too-short = 密码只有 { $found } 个字符，至少要 { $expected } 个
    .remedy = 可以用一句好记的话，不必夹杂符号。
finding-password-too-long = 密码超过 { $expected } 个字符
finding-password-too-uniform = 密码要混用至少 { $expected } 类字符
    .remedy = 小写字母、大写字母、数字、其他符号，请任选几类。
finding-password-common = 这个密码太常见，容易被猜中
    .remedy = 请不用常见词；可以用一句只有自己想得到的话。
finding-password-repeats = 密码翻来覆去只有几个字符，容易被猜中
    .remedy = 请至少用五个不同的字符；可以用一句只有自己想得到的话。
finding-password-run = 密码是按顺序排的字（数字、字母、键盘上相邻的键），容易被猜中
    .remedy = 请打乱顺序；可以用一句只有自己想得到的话。
finding-password-only-numbers = 密码全是数字，像日期、电话或证件号码，容易被猜中
    .remedy = 请加上几个不相干的字词。
finding-password-of-known-words = 密码几乎全由姓名、登录名、单位或产品的名称组成
    .remedy = 请多用几个不相干的字词。
finding-access-other-place = 您的角色可以办理“{ $action }”，但不在这个地方
    .remedy = 需要在这个地方另行授权
finding-password-again = 两次输入的新密码不一样
    .remedy = 请重新输入两遍新密码。
finding-password-wrong = 现在的密码不对
    .remedy = 请核对后再试；忘记密码时，请安全管理员签发一次性口令。
finding-password-too-old = 密码已到期，请先设新密码
    .remedy = 请登录网页，在“我的”页设新密码。
