"""Classes that Keras 3 does not bring along, as text for the program that a reader takes home."""

from __future__ import annotations

OLD_RMSPROP = '''
class RMSprop(keras.optimizers.RMSprop):
    """As in Keras 2.3, where epsilon stands outside the root."""

    def update_step(self, gradient, variable, learning_rate):
        mean = self._velocities[self._get_variable_index(variable)]
        self.assign(mean, self.rho * mean + (1 - self.rho) * gradient**2)
        step = learning_rate * gradient / (keras.ops.sqrt(mean) + self.epsilon)
        self.assign_sub(variable, step)

'''

OLD_ADAGRAD = '''
class Adagrad(keras.optimizers.Adagrad):
    """As in Keras 2.3, where epsilon stands outside the root."""

    def update_step(self, gradient, variable, learning_rate):
        total = self._accumulators[self._get_variable_index(variable)]
        self.assign(total, total + gradient**2)
        step = learning_rate * gradient / (keras.ops.sqrt(total) + self.epsilon)
        self.assign_sub(variable, step)

'''

WARM_UP_SCHEDULE = '''
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """The rate climbs in a straight line; then the schedule begins."""

    def __init__(self, rate, updates, schedule):
        self.rate, self.updates, self.schedule = rate, updates, schedule

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        climbing = self.rate * (step + 1) / self.updates
        after = self.schedule(keras.ops.maximum(step - self.updates, 0.0))
        return keras.ops.where(step < self.updates, climbing, after)

'''

WARM_UP_CALLBACK = '''
class WarmUp(keras.callbacks.Callback):
    """The rate climbs in a straight line."""

    def __init__(self, rate, updates):
        super().__init__()
        self.rate, self.updates = rate, updates

    def on_train_batch_begin(self, batch, logs=None):
        update = int(self.model.optimizer.iterations)
        self.model.optimizer.learning_rate = self.rate * (update + 1) / self.updates

'''

STAGES = '''
class Stages(keras.callbacks.Callback):
    """Other settings from some epochs on; weights, memory and batches go on as they are.

    `fit` builds the numbers of an update rule into its train function, so that is built again.
    """

    def __init__(self, stages):
        super().__init__()
        self.stages, self.rates = stages, []

    def on_epoch_begin(self, epoch, logs=None):
        if epoch not in self.stages:
            return
        numbers, self.rate, self.start, self.plateau = self.stages[epoch]
        for name, value in numbers.items():
            setattr(self.model.optimizer, name, value)
        if numbers:
            self.model.make_train_function(force=True)

    def on_train_batch_begin(self, batch, logs=None):
        optimizer = self.model.optimizer
        if self.rate is not None:
            optimizer.learning_rate = self.rate(optimizer.iterations - self.start)

    def on_epoch_end(self, epoch, logs=None):
        self.rates.append(float(self.model.optimizer.learning_rate))
        if self.plateau is not None:
            self.plateau.set_model(self.model)
            self.plateau.on_epoch_end(epoch, logs)

'''
