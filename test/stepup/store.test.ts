// The storage in memory, which the tests of step-up stand on, keeps to what is asked of every storage.
import { StepUpMemory } from '../support/stepup-memory.js';
import { stepUpStoreSuite } from './store-suite.js';

stepUpStoreSuite('step-up storage in memory', () => {
  const memory = new StepUpMemory();
  return Promise.resolve({
    store: memory,
    addPerson: memory.addPerson.bind(memory),
    addActive: memory.addActive.bind(memory),
    addRecoveryCodes: memory.addRecoveryCodes.bind(memory),
    spend: memory.spend.bind(memory),
  });
});
