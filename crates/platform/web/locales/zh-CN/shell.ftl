# 页面框架
product = 兴村
shell-skip = 跳到主要内容
shell-navigation = 主导航
shell-menu = 菜单
shell-menu-close = 收起菜单
shell-place = 地区
shell-period = 考核期
shell-search = 搜索村、事项、人员
shell-account = 我的账号
shell-sign-out = 退出登录
shell-sponsor = 主办单位：{ $name }
shell-suggest = 建议与投诉
shell-printed = 打印时间：{ $at }
shell-version = 兴村 { $version }
shell-demo = 演示数据，均为虚构
shell-demo-label = 演示
shell-demo-clock = 业务时间 { $now }
shell-demo-advance = 拨快业务时间
shell-display = 显示设置
shell-text-size = 字号
shell-text-standard = 标准
shell-text-large = 大
shell-text-larger = 加大
shell-text-largest = 特大
shell-theme = 配色
shell-theme-automatic = 随系统
shell-theme-light = 浅色
shell-theme-dark = 深色
shell-density = 行距
shell-density-automatic = 自动
shell-density-compact = 紧凑
shell-density-roomy = 宽松
shell-trouble-busy = 系统正忙，这一步没有执行，您填写的内容还在。请稍后再试
shell-trouble-offline = 网络不通，这一步没有执行，您填写的内容还在
menu-workbench = 工作台
menu-business = 业务
menu-foundation = 基础
sign-in-button = 登录

period-month = { $year } 年 { $number } 月
period-quarter = { $year } 年第{ $number ->
        [1] 一
        [2] 二
        [3] 三
       *[4] 四
    }季度
period-half-year = { $year } 年{ $number ->
        [1] 上
       *[2] 下
    }半年
period-year = { $year } 年
