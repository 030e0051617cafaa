//! The engine, and the component compiled for it.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use wasmtime::component::Component;
use wasmtime::error::Context;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result};

/// Instances that may live at once. Each reserves 4 GiB of address space, not of memory.
pub const MOST_INSTANCES: u32 = 256;

/// An engine with the features that Spin turns on and memory set aside for instances, so that a new one is cheap.
pub fn engine() -> Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(MOST_INSTANCES)
        .total_memories(MOST_INSTANCES)
        .total_stacks(MOST_INSTANCES)
        .total_tables(2 * MOST_INSTANCES)
        .total_core_instances(4 * MOST_INSTANCES)
        .linear_memory_keep_resident(2 << 20)
        .table_keep_resident(64 << 10);
    let mut config = Config::new();
    config.wasm_component_model_async(true).allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

/// The component in this file, compiled. What was compiled is kept beside the file for the next time.
pub fn load(engine: &Engine, file: &Path) -> Result<Component> {
    let wasm = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let compiled = compiled_file(engine, file, &wasm);
    if !compiled.exists() {
        let code = engine.precompile_component(&wasm)?;
        // Written aside and moved, so that a host that starts meanwhile never maps half a file.
        let draft = compiled.with_extension(std::process::id().to_string());
        std::fs::write(&draft, code).with_context(|| format!("cannot write {}", draft.display()))?;
        std::fs::rename(&draft, &compiled)?;
    }
    #[allow(unsafe_code, reason = "the file is our own output, named by what it was made from")]
    // SAFETY: it was written by `precompile_component` above; who can write there can replace this program as well.
    unsafe {
        Component::deserialize_file(engine, &compiled)
    }
}

/// Named by the component's content and by what the engine makes of it.
fn compiled_file(engine: &Engine, file: &Path, wasm: &[u8]) -> PathBuf {
    let mut engine_hash = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut engine_hash);
    let mut name = format!("{:016x}", engine_hash.finish());
    for byte in &Sha256::digest(wasm)[..8] {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    file.with_extension(format!("{name}.cwasm"))
}
