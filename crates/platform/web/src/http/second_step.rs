//! The second step of signing in, for pages and programs.

use access::sign_in::{CodeEntered, EnterCode, enter_code};
use access::{Action, Authentication, SignInError, SignedIn};
use app::recovery_code::UseRecoveryCode;
use app::{Caller, DeniedAct, Envelope, Gathered, RefusalKind, Via};
use kernel::{CommandId, Id};

use super::web::Web;

/// The reason of a denial that a wrong code leaves.
const WRONG: &str = "factor-wrong";

impl Web {
    /// Signs in by a code of the application, or by a recovery code, whose use leaves a leaf. A
    /// wrong code leaves a denial: the password was right before it.
    pub(crate) async fn enter_code(
        &self,
        request: EnterCode,
        via: Via,
    ) -> Result<SignedIn, SignInError> {
        let vault = self.app().vault();
        let entered = enter_code(self.app().store(), self.profile(), &vault, request).await;
        let entered = match entered {
            Ok(CodeEntered::In(signed_in)) => Ok(signed_in),
            Ok(CodeEntered::Recovery(sign_in, signed_in)) => {
                let beside = Gathered::some(*sign_in);
                self.use_recovery_code(&signed_in, beside, via)
                    .await
                    .map(|()| signed_in)
            }
            Err(error) => Err(error),
        };
        if let Err(error) = &entered {
            self.note_wrong_code(error).await;
        }
        entered
    }

    async fn use_recovery_code(
        &self,
        signed_in: &SignedIn,
        beside: Gathered,
        via: Via,
    ) -> Result<(), SignInError> {
        let account = signed_in.account;
        let mut random = [0; 10];
        random.copy_from_slice(&self.app().entropy().draw()[..10]);
        let id = CommandId(Id::new(self.app().clock().now().0, random));
        let caller = Caller::Account {
            account,
            authentication: Authentication::Stale,
            on_behalf_of: None,
        };
        let envelope = Envelope::of(id, &UseRecoveryCode {});
        let used = self
            .app()
            .execute_beside(self.tenant(), caller, via, envelope, Some(beside))
            .await;
        match used {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.kind == RefusalKind::Unavailable => {
                Err(SignInError::Store(store::StoreError::Busy))
            }
            Err(refusal) if refusal.kind == RefusalKind::Bug => {
                tracing::error!(%refusal, "a recovery code was not used");
                Err(SignInError::Expired)
            }
            Err(_) => Err(SignInError::WrongCode { account }),
        }
    }

    /// Leaves a leaf and a row of a code that was wrong, as a refused command does: whoever sent it
    /// knew the password.
    pub(crate) async fn note_wrong_code(&self, error: &SignInError) {
        let SignInError::WrongCode { account } = error else {
            return;
        };
        let (app, tenant, account) = (self.app().clone(), self.tenant(), *account);
        let now = app.clock().now();
        let found = app.store().read(move |connection| {
            access::load_subject(connection, tenant, account, Authentication::Stale, now)
        });
        let subject = match found.await {
            Ok(Some(subject)) => subject,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "a wrong code was not recorded");
                return;
            }
        };
        let act = DeniedAct {
            action: Action::SelfManage,
            reason: WRONG,
            place: None,
        };
        self.note_denial(Some((subject, act)), "page.sign-in.code".to_owned())
            .await;
    }
}
