//! The client of a cluster, as the engine's worker sees it: `Client` in `www/src/distributed/client.js` has its futures.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::{
    plain::{list, object, single},
    plan::Plan,
    run::{Run, Wanted},
    schedulers::slots,
};
use crate::{
    block::Block,
    error::{Error, Result},
    graph::TaskGraph,
    scheduler::{
        self, MOST_NODES, Scheduler,
        cluster::live::{News, Request},
    },
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    nodes: usize,
    slots: Option<u32>,
    memory_limit: Option<u64>,
    isolated: bool,
}

impl Run {
    fn ask(&self, request: Request) -> Result<()> {
        self.graph().map_or(Err(Error::closed()), |run| run.ask(request))
    }
}

#[wasm_bindgen]
impl Run {
    /// Opens a cluster, which runs what its client asks for until it is cancelled. `options`: `ClusterOptions` in
    /// `www/src/engine/protocol.js`.
    #[wasm_bindgen(js_name = openCluster)]
    pub fn open_cluster(options: JsValue) -> std::result::Result<Run, JsValue> {
        let Options { nodes, slots: wanted, memory_limit, isolated } = serde_wasm_bindgen::from_value(options).map_err(|error| {
            Error::invalid(format!(
                "a cluster takes {{ nodes, slots, memoryLimit, isolated }}, with 1 to {MOST_NODES} nodes: {error}"
            ))
        })?;
        let run = scheduler::Run::open_cluster(scheduler::Options {
            scheduler: Scheduler::Cluster,
            workers: nodes,
            slots: slots(wanted, isolated)?,
            memory_limit: memory_limit.unwrap_or(scheduler::MEMORY_LIMIT),
            ..scheduler::Options::default()
        })?;
        Ok(Run::of_graph(run, Wanted::Values.into(), false))
    }

    /// Asks for the targets of some work: each has a future. `inputs` are the keys of those tasks that stand for other
    /// futures.
    pub fn submit(
        &self,
        work: JsValue,
        futures: Vec<u32>,
        inputs: JsValue,
        priority: i32,
    ) -> std::result::Result<(), JsValue> {
        let plan = Plan::new(work, 0)?;
        let graph = TaskGraph::clone(plan.of_tasks()?.0);
        let inputs = serde_wasm_bindgen::from_value(inputs)?;
        Ok(self.ask(Request::Submit { graph, futures, inputs, priority })?)
    }

    /// Puts an array on a node: its elements as bytes, in C order.
    pub fn scatter(
        &self,
        future: u32,
        key: &str,
        bytes: &[u8],
        shape: Vec<u32>,
        dtype: &str,
    ) -> std::result::Result<(), JsValue> {
        let shape: Vec<usize> = shape.into_iter().map(|length| length as usize).collect();
        let value = Block::from_bytes(&shape, dtype.parse()?, bytes).map_err(Error::invalid)?;
        let value = value.into();
        Ok(self.ask(Request::Scatter { future, key: key.into(), value })?)
    }

    /// Asks for the value of a future.
    pub fn gather(&self, future: u32) -> std::result::Result<(), JsValue> {
        Ok(self.ask(Request::Gather(future))?)
    }

    /// Lets a future go.
    #[wasm_bindgen(js_name = releaseFuture)]
    pub fn release_future(&self, future: u32) -> std::result::Result<(), JsValue> {
        Ok(self.ask(Request::Release(future))?)
    }

    /// Cancels a future, and all that need it.
    #[wasm_bindgen(js_name = cancelFuture)]
    pub fn cancel_future(&self, future: u32) -> std::result::Result<(), JsValue> {
        Ok(self.ask(Request::Cancel(future))?)
    }

    /// The places of the nodes that have the value of a future.
    #[wasm_bindgen(js_name = whoHas)]
    pub fn who_has(&self, future: u32) -> Vec<u32> {
        self.graph().map(|run| run.who_has(future)).unwrap_or_default()
    }

    /// What there is to tell the client: `News[]` in `www/src/engine/protocol.js`.
    pub fn news(&self) -> JsValue {
        let news = self.graph().map(scheduler::Run::news).unwrap_or_default();
        list(news.into_iter().map(|news| match news {
            News::Finished(future) => object([("type", "finished".into()), ("future", future.into())]),
            News::Cancelled(future) => object([("type", "cancelled".into()), ("future", future.into())]),
            News::Erred { future, message, is_lost } => object([
                ("type", if is_lost { "lost" } else { "error" }.into()),
                ("future", future.into()),
                ("message", message.into()),
            ]),
            News::Value(future, value) => {
                object([("type", "value".into()), ("future", future.into()), ("value", single(&value))])
            }
        }))
    }
}
