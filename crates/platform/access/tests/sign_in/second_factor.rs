//! The second step: window, replay, guessing, recovery codes, and what takes a factor away.

use access::one_time_code::RECOVERY_CODES;
use access::second_factor::{self, FactorEventKind, NewCodes, NewFactor};
use access::sign_in::{
    self, AddressKey, ChangePassword, CodeEntered, EnterCode, ProveAgain, SignIn,
};
use access::{
    AccountId, DeviceToken, Entered, FactorSecret, HalfToken, Profile, RecoveryCode, SessionId,
    SessionToken, SignInError, SignedIn, account, half_sign_in, session,
};
use kernel::{Id, Instant, PersonId};
use store::StoreError;
use vault::Vault;

use super::{ACCOUNT, GOOD, MINUTE, PERSON, PROFILE, Scene, TENANT, after, now, password, scenes};

const STEP: i64 = 30_000;
const OTHER: (PersonId, AccountId) = (
    PersonId(Id::from_bytes([11; 16])),
    AccountId(Id::from_bytes([21; 16])),
);

fn root() -> Vault {
    Vault::new(&[1; 32])
}

fn secret(account: AccountId) -> FactorSecret {
    FactorSecret::of(&[7; 32], account)
}

/// The code of the step in which an instant lies.
fn code_at(at: Instant) -> String {
    secret(ACCOUNT).code_at(at)
}

/// A code that is right at none of the neighbouring steps.
fn wrong_code(at: Instant) -> String {
    let right: Vec<String> = (-1..=1)
        .map(|step| code_at(Instant(at.0 + step * STEP)))
        .collect();
    let mut codes = (0..4).map(|number| format!("{number:06}"));
    codes.find(|code| !right.contains(code)).unwrap()
}

fn codes(account: AccountId) -> Vec<RecoveryCode> {
    RecoveryCode::all_of(&[7; 32], account)
}

impl Scene {
    /// The scene with a second factor on the account, set up at an instant.
    fn with_factor(self, account: AccountId, at: Instant) -> Scene {
        self.command(|recorder| {
            let set_up = root().set_up_tenant(recorder.connection, TENANT, &[3; 32]);
            set_up.unwrap();
            Ok(())
        });
        let typed = secret(account).code_at(at);
        let factor = NewFactor::of(secret(account), codes(account), &typed, None, at).unwrap();
        self.command(move |recorder| {
            let vault = root().unlock(recorder.connection, TENANT).unwrap();
            let found = account::get(recorder.connection, TENANT, account)?.unwrap();
            factor.set(recorder, &vault, &found, &[4; 32], at)?;
            Ok(())
        });
        self
    }

    fn half(&self, at: Instant) -> Result<HalfToken, SignInError> {
        self.half_from(at, None, None)
    }

    fn half_from(
        &self,
        at: Instant,
        device: Option<DeviceToken>,
        address: Option<AddressKey>,
    ) -> Result<HalfToken, SignInError> {
        let from = (address, PROFILE);
        match self.first_step(("zhang.san", GOOD), at, device, None, from)? {
            (Entered::Half, half) => Ok(half),
            (Entered::In(_), _) => panic!("no code was wanted"),
        }
    }

    fn enter(&self, half: &HalfToken, code: &str, at: Instant) -> Result<SignedIn, SignInError> {
        self.enter_from(half, code, at, (None, None))
    }

    fn enter_from(
        &self,
        half: &HalfToken,
        code: &str,
        at: Instant,
        (device, address): (Option<DeviceToken>, Option<AddressKey>),
    ) -> Result<SignedIn, SignInError> {
        let drawn = self.draw();
        let request = EnterCode {
            tenant: TENANT,
            half: half.clone(),
            code: code.to_owned(),
            device,
            address,
            previous: None,
            session: session::NewSession {
                token: SessionToken::new(drawn),
                session: SessionId(Id::from_bytes(*drawn.first_chunk().unwrap())),
                device: "Firefox, Linux".to_owned(),
            },
            new_device: DeviceToken::new(self.draw()),
            now: at,
        };
        let vault = root();
        let work = sign_in::enter_code(&self.store.store, PROFILE, &vault, request);
        match self.runtime.block_on(work)? {
            CodeEntered::In(signed_in) => Ok(signed_in),
            CodeEntered::Recovery(recovery, signed_in) => {
                let wrong = SignInError::WrongCode {
                    account: signed_in.account,
                };
                let account = signed_in.account;
                let entered = self.store.store.write(move |c| {
                    let vault = root().unlock(c, TENANT).unwrap();
                    if recovery.enter(c, &vault, account, at)? {
                        Ok(())
                    } else {
                        // As the command does: a refusal undoes what was written.
                        Err(StoreError::Bug("refused".to_owned()))
                    }
                });
                entered.wait().map(|()| signed_in).map_err(|_| wrong)
            }
        }
    }

    fn factor(&self) -> Option<second_factor::Factor> {
        self.read(|c| second_factor::get(c, TENANT, ACCOUNT))
    }
}

fn wrong() -> SignInError {
    SignInError::WrongCode { account: ACCOUNT }
}

#[test]
fn the_password_alone_opens_nothing() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let half = scene.half(now()).unwrap();
        let sessions = scene.read(|c| session::of_account(c, TENANT, ACCOUNT, now(), &PROFILE));
        assert_eq!(sessions, []);
        // The token of the first step is no session.
        let as_session = SessionToken::parse(&format!("{TENANT}.{}", half.expose()));
        assert_eq!(scene.session(&as_session.unwrap().1, now()), None);

        let signed_in = scene.enter(&half, &code_at(now()), now()).unwrap();
        assert_eq!((signed_in.account, signed_in.person), (ACCOUNT, PERSON));
        assert!(scene.session(&signed_in.token, now()).is_some());
        assert_ne!(
            signed_in.token.cookie(TENANT),
            format!("{TENANT}.{}", half.expose()),
        );
        // The first step is used up with the second.
        let again = scene.enter(&half, &code_at(after(STEP)), after(STEP));
        assert_eq!(again.unwrap_err(), SignInError::Expired);
    }
}

#[test]
fn a_code_counts_within_a_step_of_now_and_once() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        // The first instant of a step, so that the edges are exact.
        let begin = Instant((now().0 / STEP + 10) * STEP);
        let at = |ms: i64| Instant(begin.0 + ms);
        let enter = |code: &str, now: Instant| {
            let half = scene.half(now)?;
            scene.enter(&half, code, now)
        };
        assert_eq!(enter(&code_at(begin), at(-STEP - 1)).unwrap_err(), wrong());
        assert_eq!(enter(&code_at(at(-STEP)), at(STEP)).unwrap_err(), wrong());
        assert!(enter(&code_at(begin), at(-STEP)).is_ok(), "a step early");
        for replay in [at(-STEP), begin, at(STEP - 1)] {
            assert_eq!(enter(&code_at(begin), replay).unwrap_err(), wrong());
        }
        // What came before the step that was used counts no more, either.
        assert_eq!(enter(&code_at(at(-STEP)), begin).unwrap_err(), wrong());
        assert!(
            enter(&code_at(at(STEP)), at(2 * STEP + STEP - 1)).is_ok(),
            "late"
        );
        // The clock goes back: no code is good twice.
        assert_eq!(enter(&code_at(at(STEP)), at(STEP)).unwrap_err(), wrong());
        assert_eq!(enter(&code_at(begin), begin).unwrap_err(), wrong());
    }
}

#[test]
fn two_at_once_with_one_code_are_one_sign_in() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let (first, second) = (scene.half(now()).unwrap(), scene.half(now()).unwrap());
        assert!(scene.enter(&first, &code_at(now()), now()).is_ok());
        assert_eq!(
            scene.enter(&second, &code_at(now()), now()).unwrap_err(),
            wrong()
        );
    }
}

#[test]
fn what_is_half_done_lapses_within_minutes_and_when_something_changes() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-60 * MINUTE));
        let expired = SignInError::Expired;
        let half = scene.half(now()).unwrap();
        let late = after(PROFILE.half_sign_in_ms);
        assert_eq!(
            scene.enter(&half, &code_at(late), late).unwrap_err(),
            expired
        );
        let earlier = after(-1);
        let back = scene.enter(&half, &code_at(earlier), earlier);
        assert_eq!(back.unwrap_err(), expired, "the clock went back");
        let never = HalfToken::new([0xee; 32]);
        assert_eq!(
            scene.enter(&never, &code_at(now()), now()).unwrap_err(),
            expired
        );

        scene.command(|recorder| account::set_disabled(recorder, ACCOUNT, true));
        assert_eq!(
            scene.enter(&half, &code_at(now()), now()).unwrap_err(),
            expired
        );
        scene.command(|recorder| account::set_disabled(recorder, ACCOUNT, false));
        scene.command(|recorder| {
            sign_in::purge(recorder.connection, TENANT, after(4 * MINUTE), &PROFILE)?;
            Ok(())
        });
        assert!(
            scene.enter(&half, &code_at(now()), now()).is_ok(),
            "not over"
        );

        let half = scene.half(after(STEP)).unwrap();
        let scene = scene.with_factor(ACCOUNT, after(2 * STEP));
        let (at, code) = (after(3 * STEP), code_at(after(3 * STEP)));
        assert_eq!(scene.enter(&half, &code, at).unwrap_err(), expired);
        let half = scene.half(at).unwrap();
        scene.command(|recorder| {
            half_sign_in::forget_all(recorder.connection, TENANT)?;
            Ok(())
        });
        assert_eq!(scene.enter(&half, &code, at).unwrap_err(), expired);
    }
}

/// Whoever knows a password could begin any number; each is a row.
#[test]
fn five_of_an_account_wait_for_their_code_and_a_further_one_ends_the_oldest() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, now());
        let at = |number: i64| after(number * 1_000);
        let halves: Vec<HalfToken> = (0..6).map(|n| scene.half(at(n)).unwrap()).collect();
        let late = after(STEP);
        let (oldest, next) = (&halves[0], &halves[1]);
        let answer = scene.enter(oldest, &code_at(late), late);
        assert_eq!(answer.unwrap_err(), SignInError::Expired);
        assert!(scene.enter(next, &code_at(late), late).is_ok());
    }
}

#[test]
fn guessing_codes_waits_as_guessing_passwords_does_and_the_password_forgives_nothing() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        // Who knows the password begins anew before each guess, from another address each time.
        let mut guesses = 0;
        for number in 0..1_000_u32 {
            let mut address = [0; 32];
            address[..4].copy_from_slice(&number.to_be_bytes());
            let from = Some(AddressKey(address));
            let half = match scene.half_from(now(), None, from) {
                Ok(half) => half,
                Err(SignInError::Wait { retry_after_s }) => {
                    assert_eq!(retry_after_s, 30);
                    continue;
                }
                Err(error) => panic!("{error:?}"),
            };
            match scene.enter_from(&half, &wrong_code(now()), now(), (None, from)) {
                Err(SignInError::WrongCode { account }) => assert_eq!(account, ACCOUNT),
                Err(SignInError::Wait { .. }) => continue,
                other => panic!("{other:?}"),
            }
            guesses += 1;
        }
        assert_eq!(guesses, 5, "a thousand addresses guess no more than one");
        // The wait doubles with each further guess, and the right code works when it is over.
        let mut at = 30_000;
        for expected in [60, 120, 240] {
            let half = scene.half(after(at)).unwrap();
            let error = scene.enter(&half, &wrong_code(after(at)), after(at));
            // The password was right, so it cost nothing: the code comes in the same waiting time.
            assert_eq!(error.unwrap_err(), wrong());
            let next = scene.half(after(at)).unwrap_err();
            assert_eq!(
                next,
                SignInError::Wait {
                    retry_after_s: expected
                }
            );
            at += expected * 1_000;
        }
        let half = scene.half(after(at)).unwrap();
        assert!(scene.enter(&half, &code_at(after(at)), after(at)).is_ok());
        // A success forgets the failures.
        let later = after(at + 2 * STEP);
        let half = scene.half(later).unwrap();
        assert_eq!(
            scene.enter(&half, &wrong_code(later), later).unwrap_err(),
            wrong()
        );
        assert!(scene.enter(&half, &code_at(later), later).is_ok());
    }
}

#[test]
fn one_address_that_guesses_codes_waits_too() {
    let profile = Profile {
        address_failures: 3,
        ..PROFILE
    };
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let from = Some(AddressKey([9; 32]));
        let half = scene.half(now()).unwrap();
        let drawn = scene.draw();
        let guess = |code: &str| {
            let request = EnterCode {
                tenant: TENANT,
                half: half.clone(),
                code: code.to_owned(),
                device: None,
                address: from,
                previous: None,
                session: session::NewSession {
                    token: SessionToken::new(drawn),
                    session: SessionId(Id::from_bytes(*drawn.first_chunk().unwrap())),
                    device: String::new(),
                },
                new_device: DeviceToken::new([5; 32]),
                now: now(),
            };
            let vault = root();
            let work = sign_in::enter_code(&scene.store.store, profile, &vault, request);
            scene.runtime.block_on(work).map(|_| ())
        };
        for _ in 0..3 {
            assert_eq!(guess("not a code").unwrap_err(), wrong());
        }
        let error = guess(&code_at(now())).unwrap_err();
        assert_eq!(error, SignInError::Wait { retry_after_s: 300 });
    }
}

#[test]
fn a_known_device_is_not_locked_out_by_strangers() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let half = scene.half(now()).unwrap();
        let device = scene.enter(&half, &code_at(now()), now()).unwrap().device;
        for _ in 0..5 {
            scene.sign_in("wrong", now()).unwrap_err();
        }
        assert!(matches!(scene.half(now()), Err(SignInError::Wait { .. })));
        let at = after(STEP - 1);
        let own = (Some(device.clone()), None);
        let half = scene.half_from(at, Some(device.clone()), None).unwrap();
        let code = code_at(after(STEP));
        let signed_in = scene.enter_from(&half, &code, at, own).unwrap();
        assert_eq!(signed_in.device, device);
    }
}

#[test]
fn another_persons_code_opens_nothing() {
    for scene in scenes() {
        scene.command(|recorder| {
            directory::person::write_name(recorder, OTHER.0, "李四", [0; 32])?;
            account::make(recorder, OTHER.1, OTHER.0, "li.si")?;
            Ok(())
        });
        let early = after(-10 * MINUTE);
        let scene = scene
            .with_factor(ACCOUNT, early)
            .with_factor(OTHER.1, early);
        let half = scene.half(now()).unwrap();
        let code = secret(OTHER.1).code_at(now());
        assert_eq!(scene.enter(&half, &code, now()).unwrap_err(), wrong());
        let theirs = codes(OTHER.1).remove(0).expose();
        assert_eq!(scene.enter(&half, &theirs, now()).unwrap_err(), wrong());
        // The sealed secret is bound to its account: moved to another row, it does not open.
        assert!(scene.enter(&half, &code_at(now()), now()).is_ok());
    }
}

#[test]
fn each_recovery_code_signs_in_once_until_new_ones_are_made() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let left = |scene: &Scene| scene.factor().unwrap().codes_left;
        assert_eq!(left(&scene), 10);
        let all = codes(ACCOUNT);
        assert_eq!(all.len(), RECOVERY_CODES);
        let (first, second) = (all[0].expose(), all[1].expose());
        let half = scene.half(now()).unwrap();
        let signed_in = scene.enter(&half, &first.to_lowercase(), now()).unwrap();
        assert!(scene.session(&signed_in.token, now()).is_some());
        assert_eq!(left(&scene), 9);

        let half = scene.half(now()).unwrap();
        assert_eq!(scene.enter(&half, &first, now()).unwrap_err(), wrong());
        assert_eq!(left(&scene), 9);
        scene.command(|recorder| {
            let vault = root().unlock(recorder.connection, TENANT).unwrap();
            let found = account::get(recorder.connection, TENANT, ACCOUNT)?.unwrap();
            let new = NewCodes(RecoveryCode::all_of(&[8; 32], ACCOUNT));
            new.set(recorder, &vault, &found)?;
            Ok(())
        });
        assert_eq!(left(&scene), 10);
        assert_eq!(scene.enter(&half, &second, now()).unwrap_err(), wrong());
        let new = RecoveryCode::all_of(&[8; 32], ACCOUNT).remove(3).expose();
        assert!(scene.enter(&half, &new, now()).is_ok());
        // A database that comes from a backup has codes that may have been used since.
        scene.command(|recorder| {
            second_factor::forget_codes(recorder.connection, TENANT)?;
            Ok(())
        });
        assert_eq!(left(&scene), 0);
    }
}

#[test]
fn the_password_again_wants_the_code_with_it() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let half = scene.half(now()).unwrap();
        let session = scene.enter(&half, &code_at(now()), now()).unwrap().token;
        let prove = |text: &str, code: &str, at: Instant| {
            let request = ProveAgain {
                tenant: TENANT,
                token: session.clone(),
                new_token: SessionToken::new([200; 32]),
                password: password(text),
                code: code.to_owned(),
                now: at,
            };
            let (store, vault) = (&scene.store.store, root());
            let work = sign_in::prove_again(store, &scene.hasher, PROFILE, &vault, request);
            scene.runtime.block_on(work)
        };
        let at = after(STEP);
        assert_eq!(prove(GOOD, "", at).unwrap_err(), wrong());
        let replayed = prove(GOOD, &code_at(now()), at);
        assert_eq!(replayed.unwrap_err(), wrong());
        let recovery = codes(ACCOUNT).remove(0).expose();
        assert_eq!(prove(GOOD, &recovery, at).unwrap_err(), wrong());
        assert_eq!(
            prove("wrong", &code_at(at), at).unwrap_err(),
            SignInError::Wrong
        );
        // A wrong password used no code up.
        assert_eq!(prove(GOOD, &code_at(at), at), Ok(()));
    }
}

#[test]
fn the_session_that_sets_it_up_goes_on_under_a_new_token_no_fresher_than_it_was() {
    for scene in scenes() {
        scene.command(|recorder| {
            let set_up = root().set_up_tenant(recorder.connection, TENANT, &[3; 32]);
            set_up.unwrap();
            Ok(())
        });
        let old = scene.sign_in(GOOD, now()).unwrap().token;
        let other = scene.sign_in(GOOD, now()).unwrap().token;
        let (new, at) = (SessionToken::new([200; 32]), after(5 * MINUTE));
        let set = |keep: (SessionToken, SessionToken)| {
            let secret = secret(ACCOUNT);
            let typed = secret.code_at(at);
            let factor = NewFactor::of(secret, codes(ACCOUNT), &typed, Some(keep), at).unwrap();
            scene.command(move |recorder| {
                let vault = root().unlock(recorder.connection, TENANT).unwrap();
                let found = account::get(recorder.connection, TENANT, ACCOUNT)?.unwrap();
                Ok(factor.set(recorder, &vault, &found, &[4; 32], at)?)
            })
        };
        assert!(set((old.clone(), new.clone())));
        assert_eq!(scene.session(&old, at), None, "the old token is void");
        assert_eq!(scene.session(&other, at), None, "the others end");
        assert_eq!(scene.session(&new, at).unwrap().proved_at, now());
        let again = SessionToken::new([201; 32]);
        assert!(
            !set((old, again)),
            "a session that has ended goes on as none"
        );
    }
}

#[test]
fn changing_the_password_wants_the_code_with_it() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let half = scene.half(now()).unwrap();
        let session = scene.enter(&half, &code_at(now()), now()).unwrap().token;
        let at = after(20 * MINUTE);
        let change = |new: &str, code: &str| {
            let request = ChangePassword {
                tenant: TENANT,
                token: session.clone(),
                new_token: SessionToken::new([200; 32]),
                password: password(GOOD),
                code: code.to_owned(),
                new_password: password(new),
                salt: [6; 16],
                now: at,
            };
            let (store, vault) = (&scene.store.store, root());
            let work = sign_in::prepare_password(store, &scene.hasher, PROFILE, &vault, request);
            scene.runtime.block_on(work)
        };
        let new = "seven white geese by the mill";
        let recovery = codes(ACCOUNT).remove(0).expose();
        for code in ["", &wrong_code(at), &recovery] {
            assert_eq!(change(new, code).unwrap_err(), wrong());
        }
        // A password that will not do uses no code up.
        let short = change("short", &code_at(at)).unwrap_err();
        assert!(matches!(short, SignInError::Refused(_)), "{short:?}");
        let prepared = change(new, &code_at(at)).unwrap();
        let set = scene
            .store
            .store
            .write(move |c| prepared.set(c, TENANT, ACCOUNT, at));
        let set: Result<bool, StoreError> = set.wait();
        assert!(set.unwrap());
        assert_eq!(scene.session(&session, at), None);
        let renewed = scene.session(&SessionToken::new([200; 32]), at).unwrap();
        let fresh = renewed.authentication(at, &PROFILE);
        assert_eq!(fresh, access::Authentication::Fresh);
    }
}

#[test]
fn guessing_codes_while_changing_the_password_waits() {
    for scene in scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let half = scene.half(now()).unwrap();
        let session = scene.enter(&half, &code_at(now()), now()).unwrap().token;
        let guess = |_| {
            let request = ChangePassword {
                tenant: TENANT,
                token: session.clone(),
                new_token: SessionToken::new([200; 32]),
                password: password(GOOD),
                code: wrong_code(now()),
                new_password: password("seven white geese by the mill"),
                salt: [6; 16],
                now: now(),
            };
            let (store, vault) = (&scene.store.store, root());
            let work = sign_in::prepare_password(store, &scene.hasher, PROFILE, &vault, request);
            scene.runtime.block_on(work).unwrap_err()
        };
        let answers: Vec<_> = (0..6).map(guess).collect();
        assert!(answers[..5].iter().all(|answer| *answer == wrong()));
        assert_eq!(answers[5], SignInError::Wait { retry_after_s: 30 });
    }
}

#[test]
fn setting_up_and_taking_away_end_the_other_sessions_and_are_recorded() {
    for scene in scenes() {
        let before = scene.sign_in(GOOD, now()).unwrap();
        assert_eq!(scene.factor(), None);
        let typed = wrong_code(now());
        let none = NewFactor::of(secret(ACCOUNT), codes(ACCOUNT), &typed, None, now());
        assert!(none.is_none(), "the first code must be right");
        let scene = scene.with_factor(ACCOUNT, now());
        assert_eq!(scene.session(&before.token, now()), None);
        // The code that set it up is used up.
        let half = scene.half(now()).unwrap();
        assert_eq!(
            scene.enter(&half, &code_at(now()), now()).unwrap_err(),
            wrong()
        );
        let next = scene.enter(&half, &code_at(after(STEP)), now()).unwrap();

        scene.command(|recorder| {
            let found = account::get(recorder.connection, TENANT, ACCOUNT)?.unwrap();
            let (kind, by) = (FactorEventKind::ResetProposed, Some(OTHER.0));
            second_factor::note(recorder, &found, kind, by, "手机丢失")?;
            Ok(())
        });
        let waiting = scene.read(|c| second_factor::proposed(c, TENANT, now()));
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].reason, "手机丢失");
        scene.command(|recorder| {
            let found = account::get(recorder.connection, TENANT, ACCOUNT)?.unwrap();
            let (kind, by) = (FactorEventKind::Reset, Some(PERSON));
            second_factor::take_away(recorder, &found, kind, by, "手机丢失")?;
            Ok(())
        });
        assert_eq!(scene.factor(), None);
        assert_eq!(scene.session(&next.token, now()), None);
        assert_eq!(
            scene.read(|c| second_factor::proposed(c, TENANT, now())),
            []
        );
        let events = scene.read(|c| second_factor::events(c, TENANT, ACCOUNT));
        let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
        assert_eq!(
            kinds,
            [
                FactorEventKind::Reset,
                FactorEventKind::ResetProposed,
                FactorEventKind::SetUp
            ]
        );
        // The password alone opens it again.
        assert!(scene.sign_in(GOOD, now()).is_ok());
    }
}

#[test]
fn the_database_holds_neither_secret_nor_codes() {
    for scene in scenes()
        .into_iter()
        .filter(|scene| scene.store.engine == "sqlite")
    {
        let scene = scene.with_factor(ACCOUNT, now());
        let half = scene.half(now()).unwrap();
        let holds = scene.searched();
        assert!(holds(b"zhang.san"), "the search finds what is there");
        let (plain, code) = (secret(ACCOUNT), codes(ACCOUNT).remove(0).expose());
        for clear in [
            plain.expose(),
            plain.grouped(),
            code.clone(),
            code.replace('-', ""),
            half.expose(),
        ] {
            assert!(!holds(clear.as_bytes()), "{clear}");
        }
    }
}

/// So many at once, and as many writing connections.
const AT_ONCE: u8 = 16;

/// The scenes with room for [`AT_ONCE`] on the database and before the hasher.
fn wide_scenes() -> Vec<Scene> {
    let schemas = [vault::SCHEMA, directory::SCHEMA, access::SCHEMA];
    let postgres = store::testing::postgres_with(&schemas, AT_ONCE.into());
    let stores = std::iter::once(store::testing::sqlite(&schemas)).chain(postgres);
    let wide = |store| {
        let mut scene = Scene::new(store);
        scene.hasher =
            access::PasswordHasher::start(access::Cost::FOR_TESTS, 2, AT_ONCE.into()).unwrap();
        scene
    };
    stores.map(wide).collect()
}

/// Runs all of them in threads of their own, begun together.
fn at_once<T: Send, W: FnOnce() -> T + Send>(works: Vec<W>) -> Vec<T> {
    let barrier = std::sync::Barrier::new(works.len());
    std::thread::scope(|scope| {
        let begin = |work: W| {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                work()
            })
        };
        let threads: Vec<_> = works.into_iter().map(begin).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

/// Waits for a future in a thread of its own.
fn finish<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work)
}

impl Scene {
    fn new_session(&self) -> session::NewSession {
        let drawn = self.draw();
        session::NewSession {
            token: SessionToken::new(drawn),
            session: SessionId(Id::from_bytes(*drawn.first_chunk().unwrap())),
            device: "Firefox, Linux".to_owned(),
        }
    }

    fn request(&self, text: &str, address: Option<AddressKey>) -> SignIn {
        SignIn {
            tenant: TENANT,
            name: "zhang.san".to_owned(),
            password: password(text),
            device: None,
            address,
            previous: None,
            session: self.new_session(),
            new_device: DeviceToken::new(self.draw()),
            half: HalfToken::new(self.draw()),
            now: now(),
        }
    }

    /// Right or wrong passwords, all at once: what each was answered.
    fn passwords_at_once(
        &self,
        requests: Vec<SignIn>,
        profile: Profile,
    ) -> Vec<Result<Entered, SignInError>> {
        let (store, hasher) = (&self.store.store, &self.hasher);
        let work = |request| move || finish(sign_in::sign_in(store, hasher, profile, request));
        at_once(requests.into_iter().map(work).collect())
    }
}

#[test]
fn guesses_at_once_are_counted_one_by_one() {
    for scene in wide_scenes() {
        let mut wrong = 0;
        for _ in 0..3 {
            let requests = (0..AT_ONCE).map(|_| scene.request("wrong", None)).collect();
            for answer in scene.passwords_at_once(requests, PROFILE) {
                match answer.unwrap_err() {
                    SignInError::Wrong => wrong += 1,
                    error => assert_eq!(error, SignInError::Wait { retry_after_s: 30 }),
                }
            }
        }
        assert_eq!(wrong, 5, "{}", scene.store.engine);
    }
}

#[test]
fn guesses_at_once_from_one_address_are_counted_one_by_one() {
    let profile = Profile {
        address_failures: 4,
        ..PROFILE
    };
    for scene in wide_scenes() {
        let from = Some(AddressKey([9; 32]));
        let request = |number: u8| SignIn {
            name: format!("nobody.{number}"),
            ..scene.request("wrong", from)
        };
        let answers = scene.passwords_at_once((0..AT_ONCE).map(request).collect(), profile);
        let wrong = answers
            .iter()
            .filter(|it| matches!(it, Err(SignInError::Wrong)));
        assert_eq!(wrong.count(), 4, "{}", scene.store.engine);
    }
}

#[test]
fn right_passwords_at_once_take_back_no_guess_at_a_code() {
    for scene in wide_scenes() {
        let scene = scene.with_factor(ACCOUNT, after(-10 * MINUTE));
        let (store, hasher) = (&scene.store.store, &scene.hasher);
        let halves: Vec<_> = (0..AT_ONCE).map(|_| scene.half(now()).unwrap()).collect();
        let (bad, mut guesses, mut expired) = (wrong_code(now()), 0, 0);
        // Every other one knows the password, and the others guess codes.
        let guess = |half: &HalfToken| EnterCode {
            tenant: TENANT,
            half: half.clone(),
            code: bad.clone(),
            device: None,
            address: None,
            previous: None,
            session: scene.new_session(),
            new_device: DeviceToken::new(scene.draw()),
            now: now(),
        };
        for _ in 0..8 {
            let mut works: Vec<Box<dyn FnOnce() -> Option<SignInError> + Send>> = Vec::new();
            for half in halves.iter().step_by(2) {
                let (right, request) = (scene.request(GOOD, None), guess(half));
                works.push(Box::new(move || {
                    finish(sign_in::sign_in(store, hasher, PROFILE, right)).err()
                }));
                works.push(Box::new(move || {
                    let vault = root();
                    finish(sign_in::enter_code(store, PROFILE, &vault, request)).err()
                }));
            }
            for error in at_once(works).into_iter().flatten() {
                match error {
                    SignInError::WrongCode { .. } => guesses += 1,
                    // A right password beside it has begun anew, and this one was the oldest; the
                    // guess may have been counted just before.
                    SignInError::Expired => expired += 1,
                    error => assert_eq!(error, SignInError::Wait { retry_after_s: 30 }),
                }
            }
        }
        // Where the right ones were faster each time, some guesses are left.
        while let Ok(half) = scene.half(now()) {
            assert_eq!(scene.enter(&half, &bad, now()).unwrap_err(), wrong());
            guesses += 1;
        }
        let engine = &scene.store.engine;
        assert!(guesses <= 5, "{guesses} guesses on {engine}");
        assert!(
            guesses + expired >= 5,
            "{guesses} and {expired} on {engine}"
        );
    }
}
