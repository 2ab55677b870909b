# 演示时钟
demo-clock-title = 演示时钟
demo-clock-lede = 办理期限、公示期、提醒都按这个时钟计算。只能向前拨，每次拨动都有留痕。
demo-clock-now = 当前时间
demo-clock-moved = 时钟已向前拨。
demo-clock-days = 向前拨
demo-clock-days-hint = 1 至 250，周末和节假日不算。
demo-clock-unit = 个工作日
demo-clock-button = 拨动时钟
demo-clock-who = 时钟由系统管理员拨动：用系统管理员登录就可以试。
