//! Rounds: declaration, verification, review, public posting, final rank.
