"""A Keras model as a function of its weights, for the inside of a compiled program.

Keras's layers do the work, by `stateless_call`. Some of them have twins that are faster in a
compiled loop, or that take a number as a tensor; each is tested against the layer it stands for:

- dense layers: `product`, whose gradient turns the matrices round before it multiplies. XLA's
  products of matrices that are to be read the other way round are three times as slow;
- convolutions and poolings, as products and maxima over views: XLA's own take seven times as long
  for so small images, and twice as long to compile;
- the last dense layer: one column a row of data, its kernel kept turned round, because XLA turns
  small products with a wide last axis into vector code, a third faster over the whole run;
- dropout, whose rate is an input, so that no rate compiles, and where a last batch is filled up
  batch normalisation, which must not see that: `core.engine.batch_layers`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine.batch_layers import Batch, BatchDropout, MaskedBatchNormalization
from core.engine.device import tf
from core.engine.grouping import LayerKey, ProgramKey
from core.engine.keras_models import keras_layer
from core.engine.with_keras import keras
from core.experiment import Experiment
from core.experiment.network import Layer
from core.experiment.randomness import dropout_seed

Tensor = Any
Numbers = dict[str, Tensor]


@tf.custom_gradient  # type: ignore[untyped-decorator]
def product(rows: Tensor, kernel: Tensor) -> Any:
    """rows @ kernel, (rows, units)."""

    def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
        return upstream @ tf.transpose(kernel), tf.transpose(rows) @ upstream

    return rows @ kernel, gradient


class FastDense(keras.layers.Dense):  # type: ignore[misc]
    """`keras.layers.Dense` by `product`."""

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        return self.activation(product(inputs, self.kernel) + self.bias)


def neighbourhoods(images: Tensor, size: int) -> Tensor:
    """What each place of some images sees through a window, with zeros around; (places, seen).

    First side by side, then one below the other: each view is a kernel to compile.
    """
    rows, columns, channels = images.shape[1:]
    around = size // 2
    padded = tf.pad(images, [[0, 0], [around, around], [around, around], [0, 0]])
    across = tf.concat([padded[:, :, right : right + columns] for right in range(size)], 3)
    seen = tf.stack([across[:, down : down + rows] for down in range(size)], 3)
    return tf.reshape(seen, [-1, size * size * channels])


@tf.custom_gradient  # type: ignore[untyped-decorator]
def convolution(images: Tensor, kernel: Tensor) -> Any:
    """Images convolved with a kernel of odd size, stride one, to images of the same size.

    The gradient is a convolution too, with the kernel turned round; a tape would add up one of
    each view.
    """
    size, _, channels, filters = kernel.shape
    seen = neighbourhoods(images, size)
    sums = seen @ tf.reshape(kernel, [-1, filters])

    def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
        turned = tf.transpose(kernel[::-1, ::-1], [0, 1, 3, 2])
        to_images = neighbourhoods(upstream, size) @ tf.reshape(turned, [-1, channels])
        to_kernel = tf.transpose(seen) @ tf.reshape(upstream, [-1, filters])
        return tf.reshape(to_images, tf.shape(images)), tf.reshape(to_kernel, kernel.shape)

    return tf.reshape(sums, [-1, *images.shape[1:3], filters]), gradient


class FastConv2D(keras.layers.Conv2D):  # type: ignore[misc]
    """`keras.layers.Conv2D` of stride one that keeps the size, by `convolution`."""

    def call(self, inputs: Tensor) -> Tensor:
        return self.activation(convolution(inputs, self.kernel) + self.bias)


class FastMaxPooling2D(keras.layers.MaxPooling2D):  # type: ignore[misc]
    """`keras.layers.MaxPooling2D` of windows that fill the image without a rest."""

    def call(self, inputs: Tensor) -> Tensor:
        rows, columns, channels = inputs.shape[1:]
        size = self.pool_size[0]
        windows = [-1, rows // size, size, columns // size, size, channels]
        return tf.reduce_max(tf.reshape(inputs, windows), [2, 4])


TWINS = {"Dense": FastDense, "Conv2D": FastConv2D, "MaxPooling2D": FastMaxPooling2D}


class TracedModel:
    """The network of a program, up to its logits.

    Weights are those that are learned, in Keras's order, the last kernel turned round; `others`
    are what a model carries beside them, in Keras's order too: of batch normalisation the moving
    mean and variance, of dropout the state of its generator.
    """

    def __init__(self, key: ProgramKey, twins: bool = True) -> None:
        """Without `twins` all but dropout are Keras's own, which have second derivatives."""
        self._batch = Batch(key.batch_size)
        self._twins = TWINS if twins else {}
        *hidden, _ = key.layers
        self._hidden = keras.Sequential([keras.Input((key.features,))])
        for layer in hidden:
            self._hidden.add(self._layer(layer, key))
        self._has_hidden = bool(hidden)
        self._has_l2 = key.has_l2
        self._is_dense = all(kind in ("Dense", "Dropout") for kind, _ in hidden)
        self._activations = [one.activation for one in self._hidden.layers if self._is(one)]
        self.kernels = [
            place
            for place, variable in enumerate(self._hidden.trainable_variables)
            if variable.name == "kernel"
        ]

    @staticmethod
    def _is(layer: Any) -> bool:
        return isinstance(layer, keras.layers.Dense)

    def _layer(self, layer: LayerKey, key: ProgramKey) -> Any:
        kind, named = layer
        arguments = {n: value for n, value in named if n not in ("rate", "kernel_regularizer")}
        if kind == "Dropout":
            return BatchDropout(self._batch)
        if kind == "BatchNormalization" and key.padding:
            return MaskedBatchNormalization(self._batch, **arguments)
        if twin := self._twins.get(kind):
            return twin(**arguments)
        return keras_layer(Layer(kind, arguments))

    def logits(
        self,
        weights: list[Tensor],
        others: list[Tensor],
        x: Tensor,
        numbers: Numbers | None,
        present: Tensor = None,
    ) -> tuple[Tensor, list[Tensor]]:
        """Logits in columns, (classes, rows), and the others afterwards.

        `numbers` of the run where it trains; None where it is only looked at. `present` is 1 for
        the rows that count, where some do not.
        """
        *before, kernel, bias = weights
        if self._has_hidden:
            training = numbers is not None
            self._batch.dropout = numbers["dropout"] if numbers else None
            self._batch.present = present
            x, others = self._hidden.stateless_call(before, others, x, training=training)
        return kernel @ tf.transpose(x) + bias[:, None], list(others)

    def validated(self, weights: list[Tensor], others: list[Tensor], columns: Tensor) -> Tensor:
        """Logits in columns of data in columns, (features, rows), not training.

        A network of dense layers goes through them in columns, which saves turning round what is
        large; any other goes by `logits`.
        """
        if not self._is_dense:
            return self.logits(weights, others, tf.transpose(columns), None)[0]
        *before, kernel, bias = weights
        for place, activation in enumerate(self._activations):
            one, shift = before[2 * place : 2 * place + 2]
            columns = activation(tf.transpose(one) @ columns + shift[:, None])
        return kernel @ columns + bias[:, None]

    def penalty(self, weights: list[Tensor], numbers: Numbers) -> Tensor:
        """`l2` times the sum of all kernels' squares, which Keras adds to the loss."""
        if not self._has_l2:
            return tf.constant(0.0)
        kernels = [*(weights[place] for place in self.kernels), weights[-2]]
        return numbers["l2"] * tf.add_n([tf.reduce_sum(tf.square(one)) for one in kernels])


class Parts:
    """How the flat list of all of a Keras model's weights falls into learned ones and others."""

    def __init__(self, experiment: Experiment) -> None:
        data = experiment.data
        self._layers = experiment.model.layers(data.features, data.classes)
        self._seed = experiment.seed

    def split(self, weights: list[Any]) -> tuple[list[Any], list[Any]]:
        """Learned weights with the last kernel turned round, and others before the first update."""
        learned, others = [], []
        left = iter(weights)
        for place, layer in enumerate(self._layers):
            if layer.kind == "Dropout":
                others.append(np.array([dropout_seed(self._seed, place), 0], np.int64))
            elif layer.kind == "BatchNormalization":
                learned += [next(left), next(left)]
                others += [next(left), next(left)]
            elif layer.kind in ("Dense", "Conv2D"):
                learned += [next(left), next(left)]
        learned[-2] = learned[-2].T
        return learned, others

    def join(self, learned: list[Any], others: list[Any]) -> list[Any]:
        """All weights in the order of Keras's `get_weights`."""
        weights: list[Any] = []
        ours, beside = iter([*learned[:-2], learned[-2].T, learned[-1]]), iter(others)
        for layer in self._layers:
            if layer.kind == "Dropout":
                next(beside)
            elif layer.kind == "BatchNormalization":
                weights += [next(ours), next(ours), next(beside), next(beside)]
            elif layer.kind in ("Dense", "Conv2D"):
                weights += [next(ours), next(ours)]
        return weights
