//! How a line of the list becomes an [`Operation`]: typed bodies behind one untyped face.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::{Config, TS, TypeVisitor};

use super::feed::AnyFeed;
use crate::app::App;
use crate::dto::{AppError, ClusterId, OpClass, Shape};
use crate::error::AppResult;
use crate::services::jobs::JobHandle;

pub type Answer<T> = Pin<Box<dyn Future<Output = AppResult<T>> + Send>>;

/// One line of the list.
pub struct Operation {
    pub name: &'static str,
    pub class: OpClass,
    pub run: Run,
    /// What a Write or Destructive request touches; `None` for the other classes.
    pub touches: Option<fn(&App, &Value) -> AppResult<Touched>>,
    pub describe: fn(&Config, &mut dyn FnMut(TypeUse)),
}

impl Operation {
    pub fn shape(&self) -> Shape {
        match self.run {
            Run::Call(_) => Shape::Call,
            Run::Job(_) => Shape::Job,
            Run::Feed(_) => Shape::Feed,
        }
    }
}

/// The body of an operation, by shape.
pub enum Run {
    Call(fn(Arc<App>, Value) -> Answer<Value>),
    Job(fn(Arc<App>, JobHandle, Value) -> Answer<Value>),
    Feed(fn(Arc<App>, Value) -> Answer<AnyFeed>),
}

/// The connection and the resources a mutating request names, and how the journal calls it.
#[derive(Debug)]
pub struct Touched {
    pub connection: ClusterId,
    pub resources: Vec<String>,
    pub title: String,
    /// The same change as a command line, without payloads; empty where there is none.
    pub command: String,
    /// False for operations that write the journal themselves.
    pub journaled: bool,
}

/// What a mutating request must be able to say before it runs.
pub trait Touches {
    /// `operation` is the name in the list, for requests that several operations share.
    fn touched(&self, app: &App, operation: &str) -> AppResult<Touched>;
}

/// How the bindings see a request or a response.
pub enum TypeUse {
    Request(String),
    Response(String),
    Declared { name: String, declaration: String },
}

pub fn read_request<T: DeserializeOwned>(op: &str, request: Value) -> AppResult<T> {
    serde_json::from_value(request).map_err(|error| AppError::bad_request(op, error))
}

pub fn write_answer<T: Serialize>(answer: T) -> AppResult<Value> {
    serde_json::to_value(answer).map_err(unwritten)
}

/// An answer of ours that JSON has no form for.
pub fn unwritten(error: serde_json::Error) -> AppError {
    AppError::internal("The answer could not be written", error)
}

/// Reports the two types of an operation and everything they are made of.
pub fn describe_types<Req: TS + 'static, Res: TS + 'static>(cfg: &Config, report: &mut dyn FnMut(TypeUse)) {
    report(TypeUse::Request(Req::name(cfg)));
    report(TypeUse::Response(Res::name(cfg)));
    let mut visitor = Declarations { cfg, seen: Default::default(), report };
    visitor.visit::<Req>();
    visitor.visit::<Res>();
}

struct Declarations<'a> {
    cfg: &'a Config,
    seen: std::collections::HashSet<std::any::TypeId>,
    report: &'a mut dyn FnMut(TypeUse),
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(std::any::TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            (self.report)(TypeUse::Declared { name: T::ident(self.cfg), declaration: T::decl(self.cfg) });
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

macro_rules! operations {
    ($($class:ident $shape:ident $name:literal ($req:ty) -> $res:ty = $body:path;)*) => {
        /// Every operation there is, in the order of the screens.
        pub static OPERATIONS: &[Operation] = &[$(
            Operation {
                name: $name,
                class: OpClass::$class,
                run: registry::operations!(@run $shape, $name, $req, $body),
                touches: registry::operations!(@touches $class, $name, $req),
                describe: registry::describe_types::<$req, $res>,
            },
        )*];


        // Each body answers the type its line says.
        $(const _: () = { registry::operations!(@check $shape, $req, $res, $body); };)*
    };
    (@run call, $name:literal, $req:ty, $body:path) => {
        registry::Run::Call(|app, request| Box::pin(async move {
            let request: $req = registry::read_request($name, request)?;
            registry::write_answer($body(&app, request).await?)
        }))
    };
    (@run job, $name:literal, $req:ty, $body:path) => {
        registry::Run::Job(|app, job, request| Box::pin(async move {
            let request: $req = registry::read_request($name, request)?;
            registry::write_answer($body(&app, job, request).await?)
        }))
    };
    (@run feed, $name:literal, $req:ty, $body:path) => {
        registry::Run::Feed(|app, request| Box::pin(async move {
            let request: $req = registry::read_request($name, request)?;
            Ok($body(&app, request).await?.erase())
        }))
    };
    (@touches Read, $name:literal, $req:ty) => { None };
    (@touches Local, $name:literal, $req:ty) => { None };
    (@touches $class:ident, $name:literal, $req:ty) => {
        Some(|app, request| {
            let request: $req = registry::read_request($name, request.clone())?;
            registry::Touches::touched(&request, app, $name)
        })
    };
    (@check call, $req:ty, $res:ty, $body:path) => {
        async fn _typed(app: &std::sync::Arc<crate::app::App>, r: $req) -> crate::error::AppResult<$res> {
            $body(app, r).await
        }
    };
    (@check job, $req:ty, $res:ty, $body:path) => {
        async fn _typed(
            app: &std::sync::Arc<crate::app::App>,
            job: crate::services::jobs::JobHandle,
            r: $req,
        ) -> crate::error::AppResult<$res> {
            $body(app, job, r).await
        }
    };
    (@check feed, $req:ty, $res:ty, $body:path) => {
        async fn _typed(
            app: &std::sync::Arc<crate::app::App>,
            r: $req,
        ) -> crate::error::AppResult<registry::FeedOf<$res>> {
            $body(app, r).await
        }
    };
}
pub(super) use operations;

pub type FeedOf<T> = super::feed::Feed<T>;
