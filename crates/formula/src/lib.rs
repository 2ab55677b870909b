//! The one small total expression language of Xingcun, on exact numbers, with a trace.
