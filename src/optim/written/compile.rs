//! From the operations on a tape to a program: what must be done for each coordinate and what only
//! once, and in which registers.

use super::place;
use super::program::{Program, Source, Step, Target};
use crate::problem::formula::{At, Operation, Writer};

/// The program of lines that assign what stands at these places of `tape`, on which all variables
/// stand first; those from `first_memory` on are the memory.
pub fn compile(tape: &Writer, lines: &[(Target, At)], first_memory: usize) -> Program {
    let operations = tape.operations();
    let is_vector = vectors(operations, lines, first_memory);
    let last_uses = last_uses(operations, lines);
    let mut program = Program {
        numbers: vec![0.0; operations.len()],
        ..Program::default()
    };
    let mut sources: Vec<Source> = (0..operations.len())
        .map(|at| Source::Number(at as At))
        .collect();
    let mut free: Vec<usize> = Vec::new();
    for (i, operation) in operations.iter().enumerate() {
        match *operation {
            Operation::Number(number) => program.numbers[i] = number,
            Operation::Variable(variable) => {
                program.variables.push(i as At);
                if is_vector[i] {
                    sources[i] = variable_source(variable as usize, first_memory);
                }
            }
            _ if last_uses[i].is_none() => {}
            _ if !is_vector[i] => program.once.push((i as At, *operation)),
            _ => {
                let to = free.pop().unwrap_or(program.registers);
                program.registers = program.registers.max(to + 1);
                let source = |at: At| sources[at as usize];
                program.each.extend(match *operation {
                    Operation::Unary(function, a) => Some(Step::Unary(function, source(a), to)),
                    Operation::Binary(function, a, b) => {
                        Some(Step::Binary(function, source(a), source(b), to))
                    }
                    Operation::Number(_) | Operation::Variable(_) => None,
                });
                let mut done: Vec<At> = operation.operands().collect();
                done.dedup();
                let done = done.into_iter().map(|at| at as usize);
                free.extend(done.filter_map(|at| match sources[at] {
                    Source::Register(register) if last_uses[at] == Some(i) => Some(register),
                    _ => None,
                }));
                sources[i] = Source::Register(to);
            }
        }
    }
    for (target, at) in lines {
        match *target {
            Target::Memory(memory) if !is_vector[*at as usize] => {
                let to = program.variables[first_memory + memory];
                let from = number_to_keep(&mut program, *at);
                program.kept.push((to, from));
            }
            target => {
                let source = vector_to_keep(&mut program, sources[*at as usize], &mut free);
                program.vectors.push((target, source));
            }
        }
    }
    program
}

/// Where what stood there before the step is to be found, when a line before has assigned to it.
fn number_to_keep(program: &mut Program, at: At) -> At {
    let is_lost = program.kept.iter().any(|(to, _)| *to == at);
    let variable = program.variables.iter().position(|known| *known == at);
    match variable.filter(|_| is_lost) {
        Some(variable) => {
            let copy = program.numbers.len() as At;
            program.numbers.push(0.0);
            let operation = Operation::Variable(variable as At);
            program.once.push((copy, operation));
            copy
        }
        None => at,
    }
}

/// The same for a vector, with the registers that are free.
fn vector_to_keep(program: &mut Program, source: Source, free: &mut Vec<usize>) -> Source {
    let is_lost = program.vectors.iter().any(|(target, _)| {
        matches!((*target, source), (Target::Parameters, Source::Parameters))
            || matches!((*target, source), (Target::Memory(to), Source::Memory(from)) if to == from)
    });
    if !is_lost {
        return source;
    }
    let copy = free.pop().unwrap_or(program.registers);
    program.registers = program.registers.max(copy + 1);
    program.each.push(Step::Copy(source, copy));
    Source::Register(copy)
}

/// Where a variable that is a vector is found.
fn variable_source(variable: usize, first_memory: usize) -> Source {
    match variable {
        place::W => Source::Parameters,
        place::G => Source::Gradient,
        variable => Source::Memory(variable - first_memory),
    }
}

/// Which results are vectors: what comes from parameters or gradients, or from a memory that does.
fn vectors(operations: &[Operation], lines: &[(Target, At)], first_memory: usize) -> Vec<bool> {
    let mut is_vector = vec![false; operations.len()];
    loop {
        let before = is_vector.clone();
        for (i, operation) in operations.iter().enumerate() {
            is_vector[i] = match *operation {
                Operation::Variable(variable) => match variable as usize {
                    place::W | place::G => true,
                    variable => lines.iter().any(|(target, at)| match target {
                        Target::Memory(i) => first_memory + i == variable && before[*at as usize],
                        Target::Parameters => false,
                    }),
                },
                operation => operation.operands().any(|at| is_vector[at as usize]),
            };
        }
        if is_vector == before {
            return is_vector;
        }
    }
}

/// The last operation that needs each result: beyond all, where a line assigns it; none, where nobody
/// does.
fn last_uses(operations: &[Operation], lines: &[(Target, At)]) -> Vec<Option<usize>> {
    let mut last_uses = vec![None; operations.len()];
    for (_, at) in lines {
        last_uses[*at as usize] = Some(operations.len());
    }
    for (i, operation) in operations.iter().enumerate().rev() {
        if last_uses[i].is_some() {
            for at in operation.operands() {
                last_uses[at as usize] = last_uses[at as usize].max(Some(i));
            }
        }
    }
    last_uses
}
