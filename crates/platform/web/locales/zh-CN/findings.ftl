# 引擎与平台各层的提示
finding-store-busy = 系统正忙，这一步没有执行
    .remedy = 请等几秒再试
finding-not-found = 没有找到：{ $kind }
finding-changed-since = { $who } 已于 { $when } 更新过这项内容
    .remedy = 请重新打开这一页，核对后再提交
finding-access-other-place = 您的角色可以办理“{ $action }”，但不在这个地方
    .remedy = 需要在这个地方另行授权
