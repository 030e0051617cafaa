//! Makes instances and retires them, by the rules of Spin 4.1's HTTP trigger.

use crate::arguments::Sharing;
use crate::state::{Shared, State};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::time::Sleep;
use wasmtime::component::GuestTaskId;
use wasmtime::{Result, Store, StoreContextMut};
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, Proxy, ShouldAccept, ViewFn, WorkerExpiration, WorkerState, WorkerStatus,
};
use wasmtime_wasi_http::p3::WasiHttpView;
use wasmtime_wasi_http::p3::bindings::ServicePre;

/// An instance without work is dropped after this long, as Spin does it.
const IDLE: Duration = Duration::from_secs(1);

/// Makes instances of one component.
pub struct Instances {
    /// The component, linked.
    pub service: ServicePre<State>,
    /// What all instances share.
    pub shared: Arc<Shared>,
    /// How they are shared.
    pub sharing: Sharing,
}

impl HandlerState for Instances {
    type StoreData = State;
    type WorkerExpiration = Expiration;
    type WorkerState = Sharing;

    async fn instantiate(&self) -> Result<Instance<State, Expiration, Sharing>> {
        let mut store = Store::new(self.service.engine(), State::new(Arc::clone(&self.shared)));
        let service = self.service.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy: Proxy::P3(service),
            view: ViewFn::P3(State::http),
            expiration: Expiration(Box::pin(tokio::time::sleep(IDLE))),
            state: self.sharing,
        })
    }
}

impl WorkerState for Sharing {
    type StoreData = State;
    type RequestId = ();

    fn should_accept_request(&self, at_once: usize, so_far: usize) -> ShouldAccept {
        if so_far >= self.reuse {
            ShouldAccept::Never
        } else if at_once >= self.concurrency {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    /// Requests may take as long as they like, as with Spin's default.
    fn on_request_start(
        &self,
        _store: StoreContextMut<'_, State>,
        (): (),
        _task: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        Box::pin(std::future::pending())
    }

    fn drop(&self, store: Store<State>, outcome: Result<()>) {
        if let Err(error) = outcome {
            eprintln!("spin-host: an instance failed: {error:?}");
        }
        drop(store);
    }
}

/// Tells when an instance has been idle for long enough.
pub struct Expiration(Pin<Box<Sleep>>);

impl WorkerExpiration for Expiration {
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>, status: WorkerStatus, since: Instant) -> Poll<()> {
        match status {
            WorkerStatus::Requests | WorkerStatus::PostReturn => Poll::Pending,
            WorkerStatus::Idle => {
                let end = (since + IDLE).into();
                if self.0.deadline() != end {
                    self.0.as_mut().reset(end);
                }
                self.0.as_mut().poll(cx)
            }
        }
    }
}
