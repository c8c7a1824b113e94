//! The boundary to the page: thin wrappers over code that is tested on the host. Nothing imports this.
//!
//! The module runs in a dedicated worker of the page, which may block; the page starts the pool when the engine
//! asks for it. See `www/src/engine/worker.js`.

#[cfg(not(target_feature = "atomics"))]
compile_error!("build with threads: the Makefile and .cargo/config.toml have the flags");

mod client;
mod cluster;
mod drawing;
mod held;
mod image;
mod message;
mod plain;
mod plan;
mod processes;
mod run;
mod schedulers;

// Linked so that its `initThreadPool` is exported.
use wasm_bindgen_rayon as _;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{error::Error, programs::PROGRAMS};

impl From<Error> for JsValue {
    fn from(error: Error) -> JsValue {
        js_sys::Error::new(&error.to_string()).into()
    }
}

/// The crate's version.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The compiled module. The page makes another instance from it, and its next engine.
#[wasm_bindgen]
pub fn module() -> JsValue {
    wasm_bindgen::module()
}

/// All programs with their schemas.
#[wasm_bindgen]
pub fn programs() -> Result<JsValue, JsValue> {
    Ok(PROGRAMS.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
